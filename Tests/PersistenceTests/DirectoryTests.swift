import Glibc
import Persistence
import SystemPackage
import TestSupport
import Testing

/// What tools may leave behind, and how it goes.
struct DirectoryTests {
    @Test func `a tree is removed whole, and what is beside it stays`() async throws {
        try await withTemporaryFolder { folder in
            try await shell("cd '\(folder)'; mkdir -p tree/a/b/c tree/d beside; touch tree/a/1 tree/a/b/c/2 beside/3")

            try Directory.remove(folder.appending("tree"))

            #expect(try Directory.names(in: folder) == ["beside"])
            #expect(try Directory.names(in: folder.appending("beside")) == ["3"])
        }
    }

    @Test func `links are removed and not followed`() async throws {
        try await withTemporaryFolder { folder in
            try await shell(
                "cd '\(folder)'; mkdir -p tree/a kept; touch kept/1; ln -s ../../kept tree/a/b; ln -s kept tree/c")

            try Directory.remove(folder.appending("tree"))

            #expect(try Directory.names(in: folder.appending("kept")) == ["1"])
        }
    }

    @Test func `a tree without rights is removed`() async throws {
        try await withTemporaryFolder { folder in
            try await shell(
                "cd '\(folder)'; mkdir -p tree/a/b; touch tree/a/b/1; chmod 0 tree/a/b; chmod 0 tree/a; chmod 0 tree")

            try Directory.remove(folder.appending("tree"))

            #expect(try Directory.names(in: folder).isEmpty)
        }
    }

    @Test func `names that are no text are removed`() async throws {
        try await withTemporaryFolder { folder in
            try await shell(
                #"cd '\#(folder)'; d=$(printf 'tree/\377\376'); mkdir -p "$d"; touch "$d/$(printf 'a\200')""#)

            try Directory.remove(folder.appending("tree"))

            #expect(try Directory.names(in: folder).isEmpty)
        }
    }

    @Test func `a tree deeper than a path can be long is removed`() async throws {
        try await withTemporaryFolder { folder in
            try Directory.make(folder.appending("tree"))
            var descriptor = open(folder.appending("tree").string, O_RDONLY | O_DIRECTORY)
            for _ in 0..<2000 {
                mkdirat(descriptor, "deeper", 0o700)
                close(openat(descriptor, "file", O_WRONLY | O_CREAT, 0o600))
                let next = openat(descriptor, "deeper", O_RDONLY | O_DIRECTORY)
                close(descriptor)
                descriptor = next
            }
            close(descriptor)

            try Directory.remove(folder.appending("tree"))

            #expect(try Directory.names(in: folder).isEmpty)
        }
    }

    @Test func `folders with numbers for names do not stand in each other's way`() async throws {
        try await withTemporaryFolder { folder in
            try await shell(
                "cd '\(folder)'; mkdir -p tree/1/1/1 tree/2/1/2/3 tree/3/2/1; touch tree/4 tree/1/2 tree/2/1/1")

            try Directory.remove(folder.appending("tree"))

            #expect(try Directory.names(in: folder).isEmpty)
        }
    }

    @Test func `what is not there is removed already`() async throws {
        try await withTemporaryFolder { folder in
            try Directory.remove(folder.appending("nothing"))
        }
    }
}
