import Glibc
import Store
import Testing

@testable import Interchange

@Suite("What a killed process left beside an output goes with the next one")
struct LeftoversTests {
  /// A process that has ended and was waited for.
  private static func gone() -> pid_t {
    var process: pid_t = 0
    let word = strdup("true")
    defer { free(word) }
    var words = [word, nil]
    guard posix_spawn(&process, "/bin/true", nil, nil, &words, environ) == 0 else { return 0 }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return process
  }

  private static func age(_ path: String, hours: Int) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let then = timespec(tv_sec: now.tv_sec - hours * 3_600 - 60, tv_nsec: 0)
    utimensat(AT_FDCWD, path, [then, then], AT_SYMLINK_NOFOLLOW)
  }

  @Test("Only old regular files of that name go whose process is gone")
  func onlyLeftovers() throws {
    let folder = ScratchFolder()
    let gone = Self.gone()
    try #require(gone > 0)
    let left = [".rapport-\(gone)-0.tmp", ".rapport-\(gone)-17.tmp"]
    let kept = [
      ".rapport-\(getpid())-7.tmp", ".rapport-\(gone)-1.tmp.bak", "rapport-\(gone)-1.tmp",
      ".rapport-\(gone).tmp", ".rapport-\(gone)-x.tmp", ".rapport--\(gone)-1.tmp",
      ".rapport-\(gone)-1-2.tmp", ".rapport-0-1.tmp", ".rapport-99999999999999999999-1.tmp",
    ]
    for name in left + kept { Self.age(folder.write([1], to: name), hours: 1) }
    let young = ".rapport-\(gone)-2.tmp"
    folder.write([1], to: young)
    let link = ".rapport-\(gone)-3.tmp"
    #expect(symlink("target", folder.path + "/" + link) == 0)
    Self.age(folder.path + "/" + link, hours: 1)

    let sink = try FileSink(path: folder.path + "/out.csv", isReplacing: false)
    let own = folder.names.filter { $0.hasPrefix(".rapport-\(getpid())-0") }
    #expect(own.count == 1)
    #expect(Set(folder.names) == Set(kept + [young, link] + own))
    try sink.finish()
    #expect(Set(folder.names) == Set(kept + [young, link, "out.csv"]))
  }
}
