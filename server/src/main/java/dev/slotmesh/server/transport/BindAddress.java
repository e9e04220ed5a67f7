package dev.slotmesh.server.transport;

import java.util.ArrayList;
import java.util.List;

/**
 * One address to listen on, from the directive {@code bind}.
 *
 * @param text a literal address or a host name; {@code 0.0.0.0} or {@code ::} for all addresses
 * @param optional whether the node starts without it ({@code -} in front)
 */
public record BindAddress(String text, boolean optional) {
    /**
     * The addresses of a {@code bind} directive, in its order. {@code *} and {@code ::*} together are one wildcard, as its socket
     * serves IPv4 and IPv6 alike.
     */
    public static List<BindAddress> of(List<String> bind) {
        List<BindAddress> addresses = new ArrayList<>();
        boolean wildcard = false;
        for (String entry : bind) {
            boolean optional = entry.startsWith("-");
            String text = optional ? entry.substring(1) : entry;
            boolean any = text.equals("*") || text.equals("::*");
            if (!any) {
                addresses.add(new BindAddress(text, optional));
            } else if (!wildcard) {
                addresses.add(new BindAddress(text.equals("*") ? "0.0.0.0" : "::", optional));
            }
            wildcard |= any;
        }
        return addresses;
    }
}
