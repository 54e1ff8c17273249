// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// What the self-test reads, see Sources/Pipeline/Samples/generate.py.
let samples = [
    "3ds", "3mf", "amf", "brep", "csg", "dae", "dxf", "fbx", "glb", "gltf", "iges", "obj", "off", "ply", "scad", "step",
    "stl", "usd", "usdz", "x", "x3d",
]

/// What tools execute that take programs of ours.
let scripts = [
    "blender.py", "blender_formats.py", "ezdxf_draw.py", "f3d_preview.py", "freecad.py", "occt.tcl", "oda.sh",
    "trimesh_convert.py",
]

let package = Package(
    name: "kiln",
    products: [.executable(name: "kiln", targets: ["App"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["ConfigurationSupport"]),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "App",
            dependencies: [
                "Pipeline", "Persistence", "CCrash", "CZlib",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Page/index.html"), .embedInCode("Page/openapi.yaml")],
            swiftSettings: house,
            linkerSettings: [
                // Each launcher is a fork: what is bound at the start is not bound again in each of them.
                .unsafeFlags(
                    ["-Xclang-linker", "-no-pie", "-Xlinker", "-z", "-Xlinker", "now"], .when(configuration: .release))
            ]),
        .target(
            name: "Pipeline",
            dependencies: [
                "Persistence", "CLauncher", "CZlib",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Samples/generate.py"],
            resources: samples.map { .embedInCode("Samples/box.\($0)") }
                + scripts.map { .embedInCode("Scripts/\($0)") },
            swiftSettings: house),
        .target(
            name: "Persistence",
            dependencies: [
                "Migrations",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: house),
        .target(
            name: "Migrations", path: "Migrations",
            resources: [
                "0001_jobs", "0002_events", "0003_dead_letters", "0004_deletion", "0005_shares", "0006_pauses",
                "0007_cache", "0008_retention", "0009_audit", "0010_small_files",
            ]
            .map { .embedInCode("\($0).sql") },
            swiftSettings: house),
        .target(name: "CLauncher"),
        .target(name: "CCrash"),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "TestSupport", dependencies: ["Persistence", "Pipeline"], path: "Tests/TestSupport",
            swiftSettings: house),
        .testTarget(
            name: "PersistenceTests", dependencies: ["Persistence", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "PipelineTests", dependencies: ["Pipeline", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "AppTests", dependencies: ["App", "TestSupport"],
            swiftSettings: house),
    ]
)
