// swift-tools-version: 6.2
// The targets stand in the order in which a query meets them.
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "rapport",
  products: [
    .executable(name: "rapport", targets: ["rapport"]),
    .executable(name: "rapport-bench", targets: ["rapport-bench"]),
  ],
  targets: [
    .executableTarget(
      name: "rapport",
      dependencies: [
        "Shell", "Engine", "Syntax", "Store", "Snapshot", "Interchange", "SampleData",
      ],
      swiftSettings: settings),
    .target(
      name: "Shell",
      dependencies: [
        "Engine", "Syntax", "Store", "Snapshot", "Interchange", "SampleData", "CEdit", "CTexts",
      ],
      swiftSettings: settings),
    .target(name: "Engine", dependencies: ["Syntax", "Store"], swiftSettings: settings),
    .target(name: "Syntax", swiftSettings: settings),
    .target(name: "Store", swiftSettings: settings),
    .target(name: "Snapshot", dependencies: ["Store", "CSQLite"], swiftSettings: settings),
    .target(name: "Interchange", dependencies: ["Store", "CSQLite"], swiftSettings: settings),
    .target(name: "SampleData", dependencies: ["Store"], swiftSettings: settings),
    .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .target(name: "CTexts"),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .executableTarget(
      name: "rapport-bench",
      dependencies: ["Engine", "Syntax", "Store", "Snapshot", "Interchange", "SampleData"],
      swiftSettings: settings),

    .target(
      name: "TestSupport",
      dependencies: [
        "Engine", "Syntax", "Store", "Snapshot", "Interchange", "SampleData", "CSQLite",
      ],
      path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "SyntaxTests", dependencies: ["Syntax", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "StoreTests", dependencies: ["Store", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "EngineTests",
      dependencies: ["Engine", "Syntax", "Store", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SnapshotTests",
      dependencies: ["Snapshot", "SampleData", "Store", "CSQLite", "TestSupport"],
      exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "InterchangeTests",
      dependencies: ["Interchange", "Store", "CSQLite", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SampleDataTests",
      dependencies: ["SampleData", "Store", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ShellTests",
      dependencies: [
        "Shell", "Engine", "Syntax", "Store", "Snapshot", "rapport", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "Shell", "Engine", "Syntax", "Store", "Snapshot", "Interchange", "SampleData", "CSQLite",
        "rapport", "rapport-bench", "TestSupport",
      ],
      exclude: ["Scripts", "Data", "Plans"],
      swiftSettings: settings),
    .testTarget(
      name: "TidyTests", dependencies: ["Syntax", "Store", "Engine", "Shell", "TestSupport"],
      swiftSettings: settings),
  ]
)
