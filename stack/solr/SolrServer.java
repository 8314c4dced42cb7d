// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
import java.util.EnumSet;
import javax.servlet.DispatcherType;
import org.apache.solr.servlet.CoreContainerProvider;
import org.apache.solr.servlet.SolrDispatchFilter;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.DefaultServlet;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;

/** Serves the Solr cores below a home folder: {@code java SolrServer.java HOME HOST PORT}. */
public class SolrServer {
  public static void main(String[] args) throws Exception {
    String home = args[0];
    String host = args[1];
    int port = Integer.parseInt(args[2]);
    System.setProperty("solr.solr.home", home);
    System.setProperty("solr.install.dir", home);
    System.setProperty("jetty.port", args[2]);
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost(host);
    connector.setPort(port);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler(server, "/solr");
    context.addEventListener(new CoreContainerProvider());
    context.addFilter(
        new FilterHolder(SolrDispatchFilter.class), "/*", EnumSet.of(DispatcherType.REQUEST));
    context.addServlet(DefaultServlet.class, "/");
    server.start();
    System.out.println("solr listening on " + host + ":" + port);
    server.join();
  }
}
