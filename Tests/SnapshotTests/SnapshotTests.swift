import Snapshot
import Store
import TestSupport
import Testing

/// What is written is what is read.
struct RoundTripTests {
  @Test func `a store with every type and hostile values comes back equal`() throws {
    let folder = try #require(TemporaryFolder())
    let path = folder.path + "/a 100% #?.rapport"
    let database = try HostileStore.database()
    let written = try Contents(database)
    let file = try createStore(path, database, false, nil)
    #expect(
      folder.names == ["a 100% #?.rapport", "a 100% #?.rapport-shm", "a 100% #?.rapport-wal"])
    file.close()
    #expect(folder.names == ["a 100% #?.rapport"])
    for isReadOnly in [false, true] {
      let (read, file) = try openStore(path, isReadOnly, Budget())
      #expect(try read.recordCount(of: EntityID(0)) == 300)
      #expect(try Contents(read).differences(from: written) == [])
      file.close()
      #expect(folder.names == ["a 100% #?.rapport"])
    }
  }
}
