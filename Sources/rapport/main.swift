import Engine
import Glibc
import Interchange
import SampleData
import Shell
import Snapshot
import Store
import Syntax

// The only place that builds everything: catalog → store → session → shell.
let care = StoreCare(check: checkStore, salvage: salvageStore)
let status = RapportCommand.run(Array(CommandLine.arguments.dropFirst()), care: care) {
  arguments throws(Failure) in
  let database = Database(
    catalog: .builtIn, budget: Budget(limit: arguments.memoryLimitByteCount))
  var clock = Clock.live
  if let customerCount = arguments.demoCustomerCount {
    do throws(StoreError) {
      try SampleData.fill(database, customerCount: customerCount, seed: arguments.seed)
    } catch {
      throw Failure(error)
    }
    clock = .fixed(SampleData.lastDay)
  }
  if let today = arguments.today { clock = .fixed(today) }
  let confinement = arguments.permissions.confinement
  return Session(
    database: database, files: interchangePorts.confined(to: confinement), clock: clock,
    stores: StorePorts(open: openStore, create: createStore).confined(to: confinement),
    isReadOnly: arguments.isReadOnly, isDryRun: arguments.isDryRun)
}
exit(status)
