package io.fastyoke.integrations.database;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A folder on a file system of 32 MB (tmpfs), for a tablespace that runs full while the server goes
 * on. Only root may mount it.
 */
final class FillableDisk implements AutoCloseable {
  private final Path folder;

  private FillableDisk(Path folder) {
    this.folder = folder;
  }

  /**
   * @param folder an empty one
   * @return null where this process may not mount
   */
  static @Nullable FillableDisk mount(Path folder) {
    return run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", folder.toString())
        ? new FillableDisk(folder)
        : null;
  }

  /** Leaves no byte free. */
  void fill() {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      // That is what it is for.
    }
  }

  /** Frees what {@link #fill} took. */
  void makeRoom() {
    try {
      Files.delete(filler());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  @Override
  public void close() {
    run("umount", "--lazy", folder.toString());
  }

  private static boolean run(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
