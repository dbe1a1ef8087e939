package dev.landfall.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class FaultyProxyTest {
    @Test
    void keepsItsPortWhileItRefusesWhoeverConnects() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FaultyProxy proxy = FaultyProxy.start().leadTo(server.getLocalPort())) {
            for (int outage = 0; outage < 3; outage++) {
                proxy.cut();

                assertThatThrownBy(() -> connect(proxy)).isInstanceOf(ConnectException.class);
                assertThatThrownBy(() -> take(proxy.port())).isInstanceOf(BindException.class);
                proxy.heal();
                try (Socket client = connect(proxy);
                        Socket led = server.accept()) {
                    client.getOutputStream().write(7);
                    assertThat(led.getInputStream().read()).isEqualTo(7);
                }
            }
        }
    }

    private static Socket connect(FaultyProxy proxy) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    /** As the system does for a client that names no port of its own. */
    private static void take(int port) throws IOException {
        try (Socket client = new Socket()) {
            client.setReuseAddress(false);
            client.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }
}
