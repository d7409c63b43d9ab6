// swift-tools-version: 6.1

import PackageDescription

let package = Package(
  name: "processor-host-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "processor-host", path: "..", traits: []),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.0"),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
  ],
  targets: [
    .target(name: "CAllocationCount"),
    .target(name: "StandardWork"),
    .executableTarget(
      name: "Profile",
      dependencies: [
        "StandardWork",
        .product(name: "BuiltinProcessors", package: "processor-host"),
        .product(name: "ProcessorHost", package: "processor-host"),
      ]
    ),
    .executableTarget(
      name: "Library",
      dependencies: [
        .product(name: "BuiltinProcessors", package: "processor-host"),
        .product(name: "ProcessorHost", package: "processor-host"),
        .product(name: "ProcessorHostTracing", package: "processor-host"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ]
    ),
    .executableTarget(
      name: "Traces",
      dependencies: [
        "StandardWork",
        .product(name: "BuiltinProcessors", package: "processor-host"),
        .product(name: "ProcessorHost", package: "processor-host"),
      ]
    ),
    .executableTarget(
      name: "Engine",
      dependencies: [
        "CAllocationCount", "StandardWork",
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "BuiltinProcessors", package: "processor-host"),
        .product(name: "ProcessorHost", package: "processor-host"),
      ],
      path: "Benchmarks/Engine",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    ),
  ],
  swiftLanguageModes: [.v6]
)
