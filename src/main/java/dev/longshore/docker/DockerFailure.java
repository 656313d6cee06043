package dev.longshore.docker;

/**
 * What can go wrong with an engine, told apart. Made in one place from the engine's answers. The
 * message is one line for people: what was asked, what the engine said, and what to do where that
 * is known.
 */
public abstract sealed class DockerFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private DockerFailure(String message) {
        super(message, null, false, false);
    }

    /** Whether the same call may succeed later without anybody changing anything. */
    public boolean retryable() {
        return false;
    }

    /** What a person can do about it, or empty. */
    public String hint() {
        return "";
    }

    /** No answer in time, or no engine there. Whether the call took effect is not known. */
    public static final class Unreachable extends DockerFailure {
        private static final long serialVersionUID = 1L;

        /** Names the call and what happened. */
        public Unreachable(String message) {
            super(message);
        }

        @Override
        public boolean retryable() {
            return true;
        }

        @Override
        public String hint() {
            return "is the Docker engine running, and may this user reach its socket? `./longshore"
                    + " doctor` looks";
        }
    }

    /** The engine has no such container. */
    public static final class NoSuchContainer extends DockerFailure {
        private static final long serialVersionUID = 1L;

        /** Names the container. */
        public NoSuchContainer(String message) {
            super(message);
        }
    }

    /** The container has nothing at the path. */
    public static final class NoSuchPath extends DockerFailure {
        private static final long serialVersionUID = 1L;

        /** Names container and path. */
        public NoSuchPath(String message) {
            super(message);
        }
    }

    /** A container was made from the image, or it has other references. */
    public static final class ImageInUse extends DockerFailure {
        private static final long serialVersionUID = 1L;

        /** Names the image and what holds it. */
        public ImageInUse(String message) {
            super(message);
        }
    }

    /** The disk of the engine is full; it may be less so when others have ended. */
    public static final class EngineDiskFull extends DockerFailure {
        private static final long serialVersionUID = 1L;

        /** Names the call and the engine's words. */
        public EngineDiskFull(String message) {
            super(message);
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** Another container has the name. */
    public static final class NameTaken extends DockerFailure {
        private static final long serialVersionUID = 1L;

        /** Names the name. */
        public NameTaken(String message) {
            super(message);
        }
    }

    /** Neither the engine nor, where asked, a registry has the image. */
    public static final class ImageNotFound extends DockerFailure {
        private static final long serialVersionUID = 1L;

        /** Names the image. */
        public ImageNotFound(String message) {
            super(message);
        }
    }

    /** A registry would not give the image to this node. */
    public static final class ImageDenied extends DockerFailure {
        private static final long serialVersionUID = 1L;

        /** Names the image. */
        public ImageDenied(String message) {
            super(message);
        }
    }

    /** The image could not be fetched for another reason: registry, network, engine. */
    public static sealed class PullFailed extends DockerFailure permits ImageRateLimited {
        private static final long serialVersionUID = 1L;

        /** Names the image and what was said. */
        public PullFailed(String message) {
            super(message);
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** The registry gives no more images to this node for now. */
    public static final class ImageRateLimited extends PullFailed {
        private static final long serialVersionUID = 1L;

        /** Names the image and the registry's words. */
        public ImageRateLimited(String message) {
            super(message);
        }
    }

    /**
     * The engine could not start the program in the container; {@link #exitCode()} as a shell would
     * say it.
     */
    public static final class StartFailed extends DockerFailure {
        private static final long serialVersionUID = 1L;
        private final int exitCode;

        /**
         * The program could not be found (127), not be run (126), or its start failed otherwise
         * (-1).
         */
        public StartFailed(String message, int exitCode) {
            super(message);
            this.exitCode = exitCode;
        }

        /** 126, 127, or -1 where the engine did not say. */
        public int exitCode() {
            return exitCode;
        }
    }

    /** The engine understood and refused; or answered what it never should. */
    public static final class Refused extends DockerFailure {
        private static final long serialVersionUID = 1L;
        private final int status;

        /** What was asked and the engine's words. */
        public Refused(String message, int status) {
            super(message);
            this.status = status;
        }

        /** The engine's HTTP status. */
        public int status() {
            return status;
        }

        @Override
        public boolean retryable() {
            return status >= 500;
        }
    }
}
