// swift-tools-version: 6.1

import PackageDescription

let package = Package(
  name: "processor-host",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "ProcessorHost", targets: ["ProcessorHost"]),
    .library(name: "BuiltinProcessors", targets: ["BuiltinProcessors"]),
    .executable(name: "processor-host", targets: ["processor-host"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CLua",
      pkgConfig: "lua5.4",
      providers: [.apt(["liblua5.4-dev"]), .brew(["lua@5.4"])]
    ),
    .systemLibrary(
      name: "CZlib",
      pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"])]
    ),
    .systemLibrary(
      name: "CHyperscan",
      pkgConfig: "libhs",
      providers: [.apt(["libhyperscan-dev"]), .brew(["vectorscan"])]
    ),
    .target(name: "CRuleSandbox", dependencies: ["CLua"]),
    .target(name: "ProcessorHost", dependencies: ["CRuleSandbox"], swiftSettings: hostSettings),
    .target(
      name: "BuiltinProcessors",
      dependencies: ["CHyperscan", "ProcessorHost", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: hostSettings
    ),
    .executableTarget(
      name: "processor-host",
      dependencies: [
        "BuiltinProcessors", "CZlib", "ProcessorHost",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: hostSettings
    ),
    .testTarget(name: "ProcessorHostTests", dependencies: ["BuiltinProcessors", "CLua", "ProcessorHost"]),
    .testTarget(
      name: "BuiltinProcessorsTests",
      dependencies: ["BuiltinProcessors", "ProcessorHost"],
      resources: [
        .copy("Text/Corpus/harmless.txt"),
        .copy("Text/Corpus/out_of_reach.txt"),
        .copy("Text/Corpus/planted.txt"),
      ],
      // SwiftPM's own source for resources imports without an access level.
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]
    ),
  ],
  swiftLanguageModes: [.v6]
)

/// Every import says how far it reaches, so that a dependency never becomes public by accident.
var hostSettings: [SwiftSetting] {
  [.enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("ExistentialAny")]
}
