package dev.longshore.app;

import dev.longshore.app.SettingsException.Problem;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a YAML file into dotted keys and the text of their values, each with its line. YAML's own
 * guesses at types are left aside: {@code 1.10} stays what was written. Used once, by one thread;
 * reads the file and blocks.
 */
final class SettingsFile {
    private static final int MOST_CHARACTERS = 1 << 20;
    private static final int MOST_DEPTH = 16;

    private final Path path;
    private final List<Given> given = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, String> seen = new HashMap<>();

    private SettingsFile(Path path) {
        this.path = path;
    }

    /** Reads all of the file; whatever is wrong with it is in {@link #problems()}. */
    static SettingsFile read(Path path) {
        SettingsFile file = new SettingsFile(path);
        file.read();
        return file;
    }

    /** What is written there, in the order of the file. */
    List<Given> given() {
        return given;
    }

    /** Why the file, or a part of it, could not be read. */
    List<Problem> problems() {
        return problems;
    }

    private void read() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MOST_CHARACTERS);
        options.setNestingDepthLimit(MOST_DEPTH);
        options.setMaxAliasesForCollections(0); // nothing here needs anchors
        try (Reader reader = Files.newBufferedReader(path)) {
            Node root = root(reader, options);
            if (root instanceof MappingNode mapping) {
                mapping("", mapping);
            } else if (root != null && !Tag.NULL.equals(root.getTag())) {
                problem(
                        path.toString(),
                        root,
                        "must hold keys and values, such as http.port: 8080");
            }
        } catch (NoSuchFileException e) {
            problems.add(Problem.of(path.toString(), "there is no such file"));
        } catch (CharacterCodingException e) {
            problems.add(Problem.of(path.toString(), "must be text in UTF-8"));
        } catch (IOException e) {
            problems.add(Problem.of(path.toString(), "cannot be read: " + e.getMessage()));
        } catch (MarkedYAMLException e) {
            problems.add(syntax(e));
        } catch (YAMLException e) {
            // Its message may quote the file, and with it a secret.
            problems.add(Problem.of(path.toString(), "must be one YAML document of at most 1 MiB"));
        }
    }

    /**
     * By hand what {@code Yaml.compose} does: that loads a writer too, and takes four times as
     * long.
     */
    private static @Nullable Node root(Reader reader, LoaderOptions options) {
        ParserImpl parser = new ParserImpl(new StreamReader(reader), options);
        return new Composer(parser, new Resolver(), options).getSingleNode();
    }

    /** Where and what, without the lines of the file that the exception's message quotes. */
    private Problem syntax(MarkedYAMLException e) {
        int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
        return new Problem(
                path.toString(),
                "",
                "line " + line,
                "must be one YAML document: look for a wrong indent or a missing quote here or just"
                    + " above");
    }

    private void mapping(String prefix, MappingNode mapping) {
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode name) {
                value(prefix + name.getValue(), name, entry.getValueNode());
            } else {
                problem(prefix + "?", entry.getKeyNode(), "must have a plain name");
            }
        }
    }

    private void value(String key, Node name, Node value) {
        switch (value) {
            case MappingNode mapping -> mapping(key + ".", mapping);
            case SequenceNode sequence -> add(key, name, joined(key, sequence));
            case ScalarNode scalar when Tag.NULL.equals(scalar.getTag()) -> add(key, name, null);
            case ScalarNode scalar -> add(key, name, scalar.getValue());
            default -> problem(key, value, "must be text, a list or a group of keys");
        }
    }

    private void add(String key, Node where, @Nullable String text) {
        Given one = new Given(key, text, at(where));
        String first = seen.putIfAbsent(key, one.origin());
        if (first == null) {
            given.add(one);
        } else {
            problems.add(Problem.of(one, "is already given at " + first));
        }
    }

    /** A list is its items with commas between, as in an environment variable. */
    private String joined(String key, SequenceNode sequence) {
        List<String> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            if (item instanceof ScalarNode scalar) {
                items.add(scalar.getValue());
            } else {
                problem(key, item, "must be a list of plain values");
            }
        }
        return String.join(",", items);
    }

    private void problem(String key, Node where, String rule) {
        problems.add(new Problem(key, "", at(where), rule));
    }

    private String at(Node node) {
        return path + ":" + (node.getStartMark().getLine() + 1);
    }
}
