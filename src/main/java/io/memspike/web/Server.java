package io.memspike.web;

import io.memspike.metrics.Body;
import io.memspike.metrics.BodyPool;
import io.memspike.metrics.Exposition;
import io.memspike.oom.IncidentJson;
import io.memspike.oom.IncidentStore;
import io.memspike.sampling.Discovery;
import io.memspike.sampling.Sampler;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The HTTP server: /metrics, /-/healthy, /-/ready and a landing page. */
public final class Server {
    /** Scrapes under way at once; one more is told to come back. A slow reader holds the memory of its response. */
    private static final int MOST_SCRAPES = 16;
    /** A connection that neither asks nor takes anything for so long is closed. */
    private static final int IDLE_SECONDS = 60;

    private static final long LONGEST_SCRAPE_MILLIS = 30_000;
    private static final int GZIP_LEVEL = 1;

    private final Vertx vertx;
    private final WorkerExecutor scrapeThread;
    private final Exposition exposition;
    private final Health health;
    private final BodyPool bodies = new BodyPool();
    private final AtomicInteger scrapes = new AtomicInteger();
    private final boolean gzip;
    private final IncidentStore incidents;

    public Server(Sampler sampler, Discovery discovery, Exposition exposition, IncidentStore incidents, boolean gzip) {
        this.exposition = exposition;
        this.gzip = gzip;
        this.incidents = incidents;
        this.health = new Health(sampler, discovery);
        // One thread each: there is no more to do than one can.
        // No files are served, so none are cached: Vert.x would not start without a directory to write to.
        vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        scrapeThread = vertx.createSharedWorkerExecutor("memspike-scrape", 1);
    }

    /** Begins to serve; the future has the port, or why it can't be had. */
    public Future<Integer> listen(String host, int port) {
        Router router = Router.router(vertx);
        page(router, "/", this::landingPage);
        page(router, "/metrics", this::metrics);
        page(
                router,
                "/api/v1/incidents",
                context -> json(context, out -> IncidentJson.writeSummary(incidents.newestFirst(), out)));
        page(router, "/api/v1/incidents/:id", this::incident);
        page(router, "/-/healthy", context -> answer(context, health.healthy()));
        page(router, "/-/ready", context -> answer(context, health.ready()));
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setIdleTimeout(IDLE_SECONDS)
                .setCompressionSupported(gzip)
                .setCompressionLevel(GZIP_LEVEL);
        return vertx.createHttpServer(options).requestHandler(router).listen().map(HttpServer::actualPort);
    }

    /** Whoever asks with HEAD gets the answer to GET without its body. */
    private static void page(Router router, String path, Handler<RoutingContext> handler) {
        router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
    }

    private void metrics(RoutingContext context) {
        boolean openMetrics = wantsOpenMetrics(context);
        if (scrapes.incrementAndGet() > MOST_SCRAPES) {
            scrapes.decrementAndGet();
            context.response().setStatusCode(503).putHeader("Retry-After", "1").end("too many scrapes at once\n");
            return;
        }
        Body body = bodies.take();
        // A reader that takes a byte now and then would hold the memory of its answer for ever.
        long patience = vertx.setTimer(
                LONGEST_SCRAPE_MILLIS, id -> context.request().connection().close());
        scrapeThread
                .executeBlocking(() -> {
                    exposition.write(body, openMetrics);
                    return body;
                })
                .compose(written -> send(context.response(), written, openMetrics))
                .onFailure(why -> {
                    // A reader that went away in the middle is nobody's failure, and no line in the log.
                    if (!context.response().headWritten() && !context.response().closed()) {
                        context.fail(why);
                    }
                })
                .onComplete(done -> {
                    vertx.cancelTimer(patience);
                    bodies.give(body);
                    scrapes.decrementAndGet();
                });
    }

    private void incident(RoutingContext context) {
        vertx.executeBlocking(() -> Optional.ofNullable(incidents.find(context.pathParam("id"))))
                .onSuccess(found -> found.ifPresentOrElse(
                        incident -> json(context, out -> IncidentJson.write(incident, out)),
                        () -> context.response().setStatusCode(404).end("no such incident\n")))
                .onFailure(context::fail);
    }

    /** Writes to memory. */
    private interface Text {
        void write(OutputStream out) throws IOException;
    }

    private void json(RoutingContext context, Text text) {
        vertx.executeBlocking(() -> {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    text.write(out);
                    return Buffer.buffer(out.toByteArray());
                })
                .onSuccess(body -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end(body))
                .onFailure(context::fail);
    }

    /** Sends the chunks as they are: they may be filled again only when the last has left, or the reader has. */
    private static Future<Void> send(HttpServerResponse response, Body body, boolean openMetrics) {
        if (response.closed()) {
            return Future.succeededFuture();
        }
        response.putHeader("Content-Type", Exposition.contentType(openMetrics))
                .putHeader("Content-Length", Long.toString(body.length()));
        for (int i = 0; i < body.chunks() - 1; i++) {
            response.write(chunk(body, i));
        }
        return response.end(chunk(body, body.chunks() - 1));
    }

    private static BufferInternal chunk(Body body, int which) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(body.chunk(which), 0, body.length(which)));
    }

    /** Whether, of the two formats, the scraper likes OpenMetrics better. Prometheus says so with weights. */
    private static boolean wantsOpenMetrics(RoutingContext context) {
        try {
            return prefersOpenMetrics(context);
        } catch (RuntimeException e) {
            // The parser's own, of a header that isn't well-formed: the older format is for everybody.
            return false;
        }
    }

    private static boolean prefersOpenMetrics(RoutingContext context) {
        for (MIMEHeader accepted : context.parsedHeaders().accept()) {
            String version = accepted.parameter("version");
            String type = accepted.component() + "/" + accepted.subComponent();
            if (type.equals("application/openmetrics-text")
                    && (version == null || version.equals("1.0.0"))
                    && accepted.weight() > 0) {
                return true;
            }
            boolean plain = type.equals("text/plain") && (version == null || version.equals("0.0.4"));
            if (plain || accepted.component().equals("*")) {
                return false;
            }
        }
        return false;
    }

    private void answer(RoutingContext context, String line) {
        context.response()
                .setStatusCode(Health.isOk(line) ? 200 : 503)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(line + "\n");
    }

    private void landingPage(RoutingContext context) {
        context.response().putHeader("Content-Type", "text/html; charset=utf-8").end("""
                        <!doctype html>
                        <html lang="en">
                        <title>Memspike</title>
                        <h1>Memspike</h1>
                        <p>Container memory at sub-second resolution, as the kernel accounts it.</p>
                        <ul>
                        <li><a href="metrics">Metrics</a>
                        <li><a href="api/v1/incidents">Incidents</a>
                        <li><a href="-/healthy">Health</a>
                        <li><a href="-/ready">Readiness</a>
                        </ul>
                        """);
    }
}
