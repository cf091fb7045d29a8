import FoundationEssentials
import Glibc
import Snapshot
import Store
import TestSupport
import Testing

/// Makes the calling thread another user where files are concerned; the others stay who they are.
private func setfsuid(_ user: uid_t) {
  typealias Call = @convention(c) (uid_t) -> Int32
  guard let found = dlsym(nil, "setfsuid") else { return }
  _ = unsafeBitCast(found, to: Call.self)(user)
}

/// What is no data file, or none that can be used, is refused with a reason and stays as it is.
struct OpeningTests {
  /// A folder with all kinds of things in it.
  private static func makeFolder() throws -> TemporaryFolder {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/"
    try createStore(path + "good.rapport", try HostileStore.database(), false, nil).close()
    mkdir(path + "folder", 0o755)
    mkfifo(path + "pipe", 0o644)
    symlink("/dev/null", path + "device")
    symlink("nowhere", path + "dangling")
    symlink("loop", path + "loop")
    symlink("good.rapport", path + "link")
    folder.write("empty", "")
    folder.write("text.csv", "id,name\n1,x\n")
    folder.write("short", "SQLite format 3\0")
    let foreign = PlainSQLite(path + "foreign.db")
    foreign.run("CREATE TABLE t(a); INSERT INTO t VALUES(1)")
    foreign.close()
    let log = PlainSQLite(path + "open.db")
    log.run("PRAGMA journal_mode=WAL; CREATE TABLE t(a); INSERT INTO t VALUES(1)")
    for name in ["open.db", "open.db-wal"] {
      try FileManager.default.copyItem(atPath: path + name, toPath: path + "logged-" + name)
    }
    log.close()
    unlink(path + "open.db")
    for (name, change) in [
      ("newer", "PRAGMA user_version = 5"), ("older", "PRAGMA user_version = 0"),
      ("marked", "PRAGMA application_id = 7"),
      ("catalog", "UPDATE _rapport_choices SET name = 'x' WHERE code = 3 AND field = 8"),
      (
        "trigger",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '16', '17')"
      ),
      ("fields", "DELETE FROM _rapport_fields"), ("type", "UPDATE _rapport_fields SET type = 'x'"),
      ("target", "UPDATE _rapport_fields SET target = 77 WHERE target = 1"),
      ("key", "UPDATE _rapport_entities SET key = 400"),
      ("moves", "UPDATE _rapport_fields SET usual_moves = '0>9'"),
      ("settings", "DROP TABLE _rapport_settings"),
    ] {
      try FileManager.default.copyItem(atPath: path + "good.rapport", toPath: path + name)
      let plain = PlainSQLite(path + name)
      #expect(plain.run(change) == nil)
      plain.run("PRAGMA wal_checkpoint(TRUNCATE)")
      plain.close()
    }
    return folder
  }

  /// The names in a folder with what stands in each file.
  private static func snapshot(_ folder: TemporaryFolder) -> [String: Data] {
    var found: [String: Data] = [:]
    for name in folder.names {
      let path = folder.path + "/" + name
      var status = stat()
      lstat(path, &status)
      let isFile = status.st_mode & S_IFMT == S_IFREG
      found[name] = isFile ? (try? Data(contentsOf: URL(filePath: path))) : Data()
    }
    return found
  }

  @Test func `each kind of thing that is no data file is refused and stays as it is`() throws {
    let folder = try Self.makeFolder()
    let before = Self.snapshot(folder)
    let wanted = [
      "folder": "file-is-directory", "pipe": "file-is-device", "device": "file-is-device",
      "dangling": "store-not-found", "loop": "file-not-readable", "empty": "file-is-empty",
      "text.csv": "not-a-store", "short": "not-a-store", "foreign.db": "foreign-store",
      "logged-open.db": "foreign-store", "newer": "newer-store", "older": "damaged",
      "marked": "damaged", "catalog": "damaged", "trigger": "damaged", "fields": "damaged",
      "type": "damaged", "target": "damaged", "key": "damaged", "moves": "damaged",
      "settings": "damaged", "none/x": "store-not-found", "goood.rapport": "store-not-found",
      "text.csv/x": "store-not-found", "a\0b": "store-not-found",
    ]
    for (name, code) in wanted.sorted(by: { $0.key < $1.key }) {
      for isReadOnly in [false, true] {
        let path = folder.path + "/" + name
        let problem = problem { () throws(StoreError) in
          _ = try openStore(path, isReadOnly, Budget())
        }
        #expect(problem?.code == code, "\(name): \(String(describing: problem))")
        #expect(Self.snapshot(folder) == before, "\(name)")
        guard let problem else { continue }
        if name == "goood.rapport" {
          #expect(problem.hint == "a close name is '\(folder.path)/good.rapport'")
        }
        if name == "foreign.db" { #expect(problem.hint == "import all from \"\(path)\"") }
        if name == "newer" { #expect(problem.message.contains("is of version 5")) }
      }
    }
    for name in ["good.rapport", "link"] {
      try openStore(folder.path + "/" + name, false, Budget()).file.close()
      #expect(Self.snapshot(folder) == before, "\(name)")
    }
  }

  @Test func `a relative path and a path of no name are understood`() throws {
    for path in ["", ".", "/", "nothing here.rapport"] {
      #expect(problem { () throws(StoreError) in _ = try openStore(path, false, Budget()) } != nil)
    }
  }

  @Test func `a log that a crash left is read, and stays where nobody may write`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/t.rapport"
    let database = try HostileStore.database()
    let file = try createStore(path, database, false, nil)
    database.beginChange()
    try database.replace(
      FieldID(1), of: EntityID(0), at: [5], with: Vector(texts: TextBlock(["in the log"])))
    let change = database.currentChange
    database.keepChange()
    try file.commit(change, of: database)
    let crashed = folder.path + "/crashed.rapport"
    for ending in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: path + ending, toPath: crashed + ending)
    }
    file.close()
    let log = try FileManager.default.attributesOfItem(atPath: crashed + "-wal")[.size] as? Int
    #expect(log ?? 0 > 0)
    for isReadOnly in [true, false] {
      let (read, file) = try openStore(crashed, isReadOnly, Budget())
      #expect(try Contents(read).differences(from: Contents(database)) == [])
      file.close()
      let isThere = access(crashed + "-wal", F_OK) == 0
      #expect(isThere == isReadOnly)
    }
  }

  @Test func `a read-only session refuses every change and leaves the file as it is`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/t.rapport"
    try createStore(path, try HostileStore.database(), false, nil).close()
    let before = Self.snapshot(folder)
    let (database, file) = try openStore(path, true, Budget())
    #expect(file.isReadOnly)
    try database.loadAll()
    database.beginChange()
    database.kill([5], of: EntityID(0))
    let change = database.currentChange
    let problems = [
      problem { () throws(StoreError) in try file.commit(change, of: database) },
      problem { () throws(StoreError) in try file.save(database) },
    ]
    #expect(problems.map { $0?.code } == ["cannot-write", "cannot-write"])
    file.close()
    #expect(Self.snapshot(folder) == before)
  }

  @Test func `a file or folder that may not be written is read, and a change refused`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/t.rapport"
    let database = try HostileStore.database()
    try createStore(path, database, false, nil).close()
    chmod(folder.path, 0o755)
    let whole = try Contents(database)
    // As root everything may be written; one thread may be somebody else for a while.
    let isRoot = geteuid() == 0
    for (fileMode, folderMode) in [(0o444, 0o777), (0o666, 0o555), (0o444, 0o555), (0o000, 0o777)] {
      chmod(path, mode_t(fileMode))
      chmod(folder.path, mode_t(folderMode))
      let before = folder.names
      if isRoot { setfsuid(65_534) }
      var codes: [String?] = []
      let failure = problem { () throws(StoreError) in
        let (read, file) = try openStore(path, false, Budget())
        defer { file.close() }
        if try Contents(read).differences(from: whole) != [] { codes.append("different") }
        read.beginChange()
        read.kill([5], of: EntityID(0))
        let change = read.currentChange
        codes.append(
          problem { () throws(StoreError) in try file.commit(change, of: read) }?.code)
        codes.append(
          problem { () throws(StoreError) in
            try file.backup(to: folder.path + "/copy", isReplacing: false)
          }?.code)
      }
      if isRoot { setfsuid(0) }
      let said = "\(fileMode) \(folderMode) \(String(describing: failure))"
      if fileMode == 0 {
        #expect(failure?.code == "file-not-permitted", "\(said)")
      } else {
        #expect(failure == nil, "\(said)")
        #expect(codes == ["cannot-write", folderMode == 0o777 ? nil : "cannot-write"], "\(said)")
      }
      unlink(folder.path + "/copy")
      #expect(folder.names == before, "\(said)")
    }
    chmod(folder.path, 0o755)
  }

  @Test func `a file that vanished or was replaced is not written to`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/t.rapport"
    let database = try HostileStore.database()
    let file = try createStore(path, database, false, nil)
    let old = try Data(contentsOf: URL(filePath: path))
    database.beginChange()
    database.kill([5], of: EntityID(0))
    let change = database.currentChange
    let commit = {
      problem { () throws(StoreError) in try file.commit(change, of: database) }?.code
    }
    rename(path, path + ".moved")
    #expect(commit() == "file-vanished")
    #expect(try file.isChangedElsewhere())
    #expect(
      problem { () throws(StoreError) in _ = try file.refresh(database) }?.code == "file-vanished")
    try old.write(to: URL(filePath: path))
    #expect(commit() == "file-replaced")
    #expect(try !file.refresh(database))
    #expect(try Data(contentsOf: URL(filePath: path)) == old)
    unlink(path)
    rename(path + ".moved", path)
    #expect(commit() == nil)
    file.close()
    #expect(PlainSQLite(path).value("SELECT count(*) FROM things") == "299")
  }
}
