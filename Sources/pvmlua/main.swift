import ArgumentParser
struct A: ParsableCommand { @Flag var v = false
 mutating func run() { } }
A.main()
