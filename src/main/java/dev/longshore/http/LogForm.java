package dev.longshore.http;

/** The forms of a log stream. */
enum LogForm {
    /** One JSON object a line. */
    NDJSON("application/x-ndjson"),
    /** Server-Sent Events. */
    EVENTS("text/event-stream"),
    /** The lines as they were printed, as by {@code docker logs}. */
    TEXT("text/plain; charset=utf-8");

    private final String contentType;

    LogForm(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }
}
