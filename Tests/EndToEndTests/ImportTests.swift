import Engine
import FoundationEssentials
import Interchange
import Store
import Syntax
import TestSupport
import Testing

/// An import that fails at its last step leaves nothing behind.
struct ImportTests {
  @Test func `an import whose file of rejected rows cannot be written changes nothing`() throws {
    let folder = try #require(TemporaryFolder())
    let orders = folder.path + "/orders.csv"
    try "id,customer,note\n1,7,a\n2,8,b\n".write(toFile: orders, atomically: true, encoding: .utf8)
    let more = folder.path + "/more.csv"
    try "id,customer,extra\n3,7,x\n4,9,y\n1,9,z\n".write(
      toFile: more, atomically: true, encoding: .utf8)
    let session = Session(
      database: Database(catalog: .builtIn, budget: Budget()),
      files: FilePorts(
        openReader: openReader,
        openWriter: { path, _, _, _ throws(StoreError) in
          throw .file(FileProblem(code: "disk-full", path: path, message: "no room"))
        }), clock: .fixed(20_000))
    let adding = "with reference customer to customers adding"
    _ = try session.run("import orders from \"\(orders)\" \(adding)")
    #expect(throws: Failure.self) {
      _ = try session.run("import orders from \"\(more)\" \(adding) on error skip")
    }
    for (question, count) in [("count orders", 2), ("count customers", 2)] {
      let batch = try #require(try session.run(question).sections[0].cursor.next())
      #expect(batch.vectors[0][0] == .word(Int64(count)), "\(question)")
    }
    #expect(throws: Failure.self, "the new field is gone too") {
      _ = try session.run("find orders where extra = \"x\"")
    }
    // The tables take a later import as if nothing had been tried.
    _ = try? session.run("import orders from \"\(more)\" \(adding)")
    let fine = folder.path + "/fine.csv"
    try "id,customer,extra\n3,9,x\n".write(toFile: fine, atomically: true, encoding: .utf8)
    _ = try session.run("import orders from \"\(fine)\" \(adding)")
    let batch = try #require(
      try session.run("count orders where extra = \"x\" and customer = 9").sections[0].cursor.next()
    )
    #expect(batch.vectors[0][0] == .word(1))
  }
}
