// swift-tools-version: 6.1

import PackageDescription

let package = Package(
  name: "processor-host",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "ProcessorHost", targets: ["ProcessorHost"]),
    .library(name: "BuiltinProcessors", targets: ["BuiltinProcessors"]),
    .library(name: "ProcessorHostTracing", targets: ["ProcessorHostTracing"]),
    .library(name: "ProcessorHostTestSupport", targets: ["ProcessorHostTestSupport"]),
    .executable(name: "processor-host", targets: ["processor-host"]),
  ],
  traits: [
    .default(enabledTraits: ["Host"]),
    .trait(
      name: "Host", description: "The processor-host executable, with its servers and its command line.",
      enabledTraits: ["GRPC"]),
    .trait(name: "GRPC", description: "OTLP/gRPC as a protocol of ProcessorHostTracing's exporter."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.10.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.7.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.95.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.32.0"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.40.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.36.0"),
    .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.2.0"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.4.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.25.0", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.9.0"),
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
    .target(name: "CStackTrace"),
    .target(name: "ProcessorHost", dependencies: ["CRuleSandbox"], swiftSettings: hostSettings),
    .target(
      name: "BuiltinProcessors",
      dependencies: ["CHyperscan", "ProcessorHost", .product(name: "Crypto", package: "swift-crypto")],
      // A link to the top level's rules, so that the executable has them wherever it stands.
      resources: [.embedInCode("Rules/StandardRules")],
      swiftSettings: hostSettings
    ),
    .target(name: "OTLPProtocol", dependencies: ["CZlib", "ProcessorHost"], swiftSettings: hostSettings),
    .target(
      name: "OTLPExporters",
      dependencies: [
        "OTLPProtocol", "ProcessorHost",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: hostSettings
    ),
    .target(
      name: "OTLPGRPCExporters",
      dependencies: [
        "OTLPExporters", "OTLPProtocol", "ProcessorHost",
        .product(name: "GRPCCore", package: "grpc-swift-2", condition: .when(traits: ["GRPC"])),
        .product(
          name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport", condition: .when(traits: ["GRPC"])),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: hostSettings
    ),
    .target(
      name: "HostReporting",
      dependencies: [
        "ProcessorHost",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
      ],
      swiftSettings: hostSettings
    ),
    .target(
      name: "ProcessorHostTracing",
      dependencies: [
        "BuiltinProcessors", "CStackTrace", "HostReporting", "OTLPExporters", "ProcessorHost",
        .target(name: "OTLPGRPCExporters", condition: .when(traits: ["GRPC"])),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ],
      swiftSettings: hostSettings
    ),
    .target(
      name: "ProcessorHostTestSupport",
      dependencies: [
        "ProcessorHost", "ProcessorHostTracing",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ],
      swiftSettings: hostSettings
    ),
    .target(
      name: "OTLPReceivers",
      dependencies: [
        "OTLPProtocol", "ProcessorHost",
        hostProduct("GRPCCore", "grpc-swift-2"),
        hostProduct("GRPCNIOTransportHTTP2Posix", "grpc-swift-nio-transport"),
        hostProduct("HTTPTypes", "swift-http-types"),
        hostProduct("HummingbirdCore", "hummingbird"),
        hostProduct("HummingbirdTLS", "hummingbird"),
        hostProduct("Logging", "swift-log"),
        hostProduct("NIOCertificateReloading", "swift-nio-extras"),
        hostProduct("NIOCore", "swift-nio"),
        hostProduct("NIOHPACK", "swift-nio-http2"),
        hostProduct("NIOHTTP2", "swift-nio-http2"),
        hostProduct("NIOHTTPTypes", "swift-nio-extras"),
        hostProduct("NIOPosix", "swift-nio"),
        hostProduct("NIOSSL", "swift-nio-ssl"),
        hostProduct("ServiceLifecycle", "swift-service-lifecycle"),
      ],
      swiftSettings: hostSettings
    ),
    .target(
      name: "PrometheusMetrics",
      dependencies: [hostProduct("CoreMetrics", "swift-metrics")],
      swiftSettings: hostSettings
    ),
    .target(
      name: "HostServices",
      dependencies: [
        "BuiltinProcessors", "OTLPExporters", "ProcessorHost",
        hostProduct("ArgumentParser", "swift-argument-parser"),
        hostProduct("Hummingbird", "hummingbird"),
        hostProduct("HummingbirdCore", "hummingbird"),
        hostProduct("Logging", "swift-log"),
        hostProduct("NIOCore", "swift-nio"),
        hostProduct("ServiceLifecycle", "swift-service-lifecycle"),
        hostProduct("Yams", "Yams"),
      ],
      swiftSettings: hostSettings
    ),
    .target(name: "RuleReview", dependencies: ["BuiltinProcessors", "ProcessorHost"], swiftSettings: hostSettings),
    .target(
      name: "RuleApproval",
      dependencies: ["BuiltinProcessors", "ProcessorHost", hostProduct("Crypto", "swift-crypto")],
      swiftSettings: hostSettings
    ),
    .executableTarget(
      name: "processor-host",
      dependencies: [
        "BuiltinProcessors", "HostReporting", "HostServices", "OTLPExporters", "OTLPGRPCExporters", "OTLPProtocol",
        "OTLPReceivers", "ProcessorHost", "PrometheusMetrics", "RuleApproval", "RuleReview",
        hostProduct("ArgumentParser", "swift-argument-parser"),
        hostProduct("AsyncHTTPClient", "async-http-client"),
        hostProduct("Hummingbird", "hummingbird"),
        hostProduct("Logging", "swift-log"),
        hostProduct("Metrics", "swift-metrics"),
        hostProduct("NIOCore", "swift-nio"),
        hostProduct("ServiceLifecycle", "swift-service-lifecycle"),
        hostProduct("UnixSignals", "swift-service-lifecycle"),
      ],
      swiftSettings: hostSettings
    ),
    .target(
      name: "TestSupport", dependencies: ["ProcessorHost"], path: "Tests/TestSupport", swiftSettings: hostSettings),
    .testTarget(
      name: "ProcessorHostTests", dependencies: ["BuiltinProcessors", "CLua", "ProcessorHost", "TestSupport"]),
    .testTarget(
      name: "BuiltinProcessorsTests",
      dependencies: ["BuiltinProcessors", "ProcessorHost", "TestSupport"],
      resources: [
        .copy("Text/Corpus/harmless.txt"),
        .copy("Text/Corpus/out_of_reach.txt"),
        .copy("Text/Corpus/planted.txt"),
      ],
      // SwiftPM's own source for resources imports without an access level.
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]
    ),
    .testTarget(
      name: "RuleReviewTests", dependencies: ["BuiltinProcessors", "ProcessorHost", "RuleReview", "TestSupport"]),
    .testTarget(
      name: "ProcessorHostTracingTests",
      dependencies: [
        "BuiltinProcessors", "OTLPExporters", "ProcessorHost", "ProcessorHostTestSupport", "ProcessorHostTracing",
        "TestSupport",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ]),
    .executableTarget(
      name: "LibraryReplay",
      dependencies: [
        "ProcessorHost", "ProcessorHostTracing",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ],
      path: "Tests/LibraryReplay"),
    .executableTarget(
      name: "Simulation", dependencies: ["BuiltinProcessors", "ProcessorHost", "TestSupport"], path: "Tests/Simulation",
      swiftSettings: hostSettings),
    .testTarget(name: "OTLPProtocolTests", dependencies: ["OTLPProtocol", "ProcessorHost", "TestSupport"]),
    .testTarget(
      name: "OTLPExportersTests",
      dependencies: [
        "OTLPExporters", "OTLPGRPCExporters", "OTLPProtocol", "ProcessorHost",
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .testTarget(
      name: "OTLPReceiversTests",
      dependencies: [
        "OTLPProtocol", "OTLPReceivers", "ProcessorHost", "TestSupport",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "X509", package: "swift-certificates"),
      ]),
    .testTarget(
      name: "PrometheusMetricsTests",
      dependencies: ["PrometheusMetrics", "TestSupport", .product(name: "CoreMetrics", package: "swift-metrics")]),
    .testTarget(
      name: "RuleApprovalTests",
      dependencies: [
        "BuiltinProcessors", "ProcessorHost", "RuleApproval", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .testTarget(
      name: "HostServicesTests",
      dependencies: [
        "HostServices", "OTLPExporters", "ProcessorHost", "TestSupport",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)

/// Every import says how far it reaches, so that a dependency never becomes public by accident.
var hostSettings: [SwiftSetting] {
  [.enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("ExistentialAny")]
}

/// A product that only the host beside apps needs: without the trait it is neither fetched nor built.
func hostProduct(_ name: String, _ package: String) -> Target.Dependency {
  .product(name: name, package: package, condition: .when(traits: ["Host"]))
}
