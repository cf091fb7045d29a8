import Store

/// Brings files of older versions of rapport up to the newest, one version after the other.
enum Migration {
  /// The version that is written.
  static var newestVersion: Int64 { 1 + Int64(steps.count) }

  /// What leads from each version to the next; the first from 1 to 2. None has been needed yet.
  private static let steps: [@Sendable (Connection) throws(StoreError) -> Void] = []

  /// The version of the file.
  ///
  /// - Throws: `store` for one that is newer, or none that was ever written.
  static func version(of connection: Connection) throws(StoreError) -> Int64 {
    let version = try connection.integer("PRAGMA user_version")
    if version > newestVersion { throw Refusal.newer(version: version).error(connection.path) }
    guard version >= 1 else {
      throw Refusal.damaged("it says to be of version \(version)").error(connection.path)
    }
    return version
  }

  /// Brings the file up to the newest version, in one transaction.
  static func run(_ connection: Connection) throws(StoreError) {
    guard try version(of: connection) < newestVersion else { return }
    try connection.transaction(.writing) { () throws(StoreError) in
      let first = Int(try version(of: connection))
      for step in steps[(first - 1)...] { try step(connection) }
      try connection.run("PRAGMA user_version = \(newestVersion)")
    }
  }
}
