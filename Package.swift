// swift-tools-version: 6.2
import PackageDescription

/// What every Swift room is built with.
let common: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Rooms that hold pointers say `unsafe` where they use one.
let pointerRooms = common + [.strictMemorySafety()]

let package = Package(
  name: "pvmlua",
  products: [
    .executable(name: "pvmlua", targets: ["pvmlua"]),
    .executable(name: "pvm-target", targets: ["pvm-target"]),
    .library(name: "RemoteMemory", targets: ["RemoteMemory", "MemoryModel"]),
  ],
  traits: [
    .trait(name: "Regex", description: "Regular expressions, by the library vectorscan (libhs)"),
    .trait(name: "Disassembly", description: "Disassembling, by the library capstone"),
    .trait(name: "Debuginfo", description: "Lines, variables and types of programs, by libdw"),
    .default(enabledTraits: ["Regex", "Disassembly", "Debuginfo"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .systemLibrary(
      name: "CLuaLibrary", pkgConfig: "lua5.4", providers: [.apt(["liblua5.4-dev"])]),
    .target(name: "CLuaBridge", dependencies: ["CLuaLibrary"]),
    .target(name: "CProcessVM"),
    .target(name: "CScanKernels"),
    .target(
      name: "CVectorscan", cSettings: [.define("PVM_REGEX", .when(traits: ["Regex"]))]),
    .target(
      name: "CCapstone",
      cSettings: [.define("PVM_DISASSEMBLY", .when(traits: ["Disassembly"]))]),
    .target(
      name: "CDebuginfo", cSettings: [.define("PVM_DEBUGINFO", .when(traits: ["Debuginfo"]))]),
    .target(name: "MemoryModel", swiftSettings: common),
    .target(
      name: "RemoteMemory",
      dependencies: [
        "MemoryModel", "CProcessVM", "CScanKernels", "CDebuginfo",
        .target(name: "CVectorscan", condition: .when(traits: ["Regex"])),
        .target(name: "CCapstone", condition: .when(traits: ["Disassembly"])),
      ],
      swiftSettings: pointerRooms),
    .target(name: "LuaHost", dependencies: ["CLuaBridge"], swiftSettings: pointerRooms),
    .target(
      name: "PVMModule", dependencies: ["MemoryModel", "RemoteMemory", "LuaHost"],
      exclude: ["Manual"],  // generated from the declarations; see scripts/check-manual
      swiftSettings: common),
    .executableTarget(
      name: "pvmlua",
      dependencies: [
        "PVMModule", "LuaHost", "RemoteMemory", "MemoryModel",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [
        .embedInCode("Tools/doctor.lua"), .embedInCode("Tools/maps.lua"),
        .embedInCode("Tools/manual.lua"), .embedInCode("Tools/ps.lua"),
        .embedInCode("Tools/undo.lua"),
      ],
      swiftSettings: common),
    .executableTarget(name: "pvm-target", swiftSettings: common),
    .testTarget(
      name: "MemoryModelTests", dependencies: ["MemoryModel"], swiftSettings: common),
    .testTarget(
      name: "ScanKernelTests", dependencies: ["CScanKernels"], swiftSettings: common),
    .target(name: "RemoteMemoryFixtures", path: "Tests/RemoteMemoryFixtures"),
    .executableTarget(
      name: "RemoteMemoryProbe",
      dependencies: ["RemoteMemory", "MemoryModel", "RemoteMemoryFixtures"],
      path: "Tests/RemoteMemoryProbe", swiftSettings: common),
    .testTarget(
      name: "RemoteMemoryTests",
      dependencies: [
        "RemoteMemory", "MemoryModel", "CProcessVM", "CScanKernels", "RemoteMemoryFixtures",
        "RemoteMemoryProbe",
        "pvm-target",
      ],
      swiftSettings: common),
    .testTarget(
      name: "LuaHostTests", dependencies: ["LuaHost", "CLuaBridge"], swiftSettings: common),
    .testTarget(
      name: "PVMModuleTests",
      dependencies: ["PVMModule", "RemoteMemory", "MemoryModel", "LuaHost", "pvm-target"],
      swiftSettings: common),
    .testTarget(
      name: "CommandTests", dependencies: ["pvmlua", "pvm-target"], swiftSettings: common),
  ]
)
