using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Culverin.Abi.Tests.Header;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>The header before a C and a C++ compiler, and programs that use it.</summary>
public sealed class CompilerTests
{
    private const int FuzzRounds = 20_000;

    private static readonly string[] Strict = ["-Wall", "-Wextra", "-pedantic", "-Werror"];

    [LibraryFact("gcc")]
    public void HeaderIsStrictC() => Compiles("gcc", "-std=c99", "header.c");

    [LibraryFact("g++")]
    public void HeaderIsStrictCPlusPlus() => Compiles("g++", "-std=c++11", "header.cpp");

    [LibraryFact("gcc")]
    public void StructsLieAsTheLibrarySeesThem()
    {
        using var workshop = new Workshop();
        var source = new StringBuilder("#include <stdio.h>\n#include \"culverin.h\"\nint main(void)\n{\n");
        var expected = new StringBuilder();
        foreach (Type type in AbiModel.Structs)
        {
            string name = AbiModel.NameOf(type);
            source.Append($"printf(\"{name} %u\\n\", (unsigned)sizeof({name}));\n");
            expected.Append($"{name} {Marshal.SizeOf(type)}\n");
            foreach (FieldInfo field in AbiModel.Fields(type))
            {
                string member = AbiModel.Snake(field.Name);
                source.Append($"printf(\"{member} %u\\n\", (unsigned)offsetof({name}, {member}));\n");
                expected.Append($"{member} {Marshal.OffsetOf(type, field.Name)}\n");
            }
        }

        File.WriteAllText(workshop.File("layout.c"), source.Append("return 0;\n}\n").ToString());
        Build(workshop, "gcc", workshop.File("layout.c"), "layout", ["-std=c99", .. Strict]);
        string printed = Tool.Run(workshop.Path, workshop.File("layout"), []).Expect().Output;
        Assert.Equal(expected.ToString(), printed);
    }

    [LibraryFact("gcc", Tool.Sanitizers)]
    public void DriverFindsNoFaultUnderTheAddressSanitizer()
    {
        using var workshop = new Workshop();
        string source = Path.Combine(RepositoryFiles.Root, "tests", "Abi", "driver", "driver.c");
        string[] sanitizers = ["-g", "-fsanitize=address,undefined", "-D_GNU_SOURCE", "-pthread"];
        Build(workshop, "gcc", source, "driver", ["-std=c99", .. Strict, .. sanitizers]);
        int seed = Random.Shared.Next();
        StateVersion[] versions = [StateVersion.SingleThreaded, StateVersion.MultiThreaded64V5];
        foreach (StateVersion version in versions)
        {
            var vector = new GuestVector(version, "allinsn");
            string[] arguments =
            [
                workshop.Unpack(vector), $"{(int)version}", vector.FinalHash[2..],
                Directory.CreateDirectory(workshop.File($"trace-{(int)version}")).FullName, $"{seed}",
                $"{FuzzRounds}",
            ];
            ToolResult result = Tool.Run(workshop.Path, workshop.File("driver"), arguments);
            Assert.True(
                result.ExitCode == 0 && result.Output.EndsWith("done\n", StringComparison.Ordinal),
                $"Seed {seed}, exit code {result.ExitCode}:\n{result.Output}\n{result.ErrorOutput}");
        }
    }

    [LibraryFact("gcc")]
    public void CallbacksWithoutDataAndBuffersTooSmallAreTold()
    {
        using var workshop = new Workshop();
        string source = Path.Combine(RepositoryFiles.Root, "tests", "Abi", "driver", "edges.c");
        Build(workshop, "gcc", source, "edges", ["-std=c99", .. Strict]);
        var vector = new GuestVector(StateVersion.MultiThreaded64V5, "preimage");
        string[] arguments = [workshop.Unpack(vector), $"{(int)vector.Version}"];
        Tool.Run(workshop.Path, workshop.File("edges"), arguments).Expect();
    }

    /// <summary>Compiles a C or C++ program against header and library.</summary>
    internal static void Build(
        Workshop workshop, string compiler, string source, string name, IEnumerable<string> flags) =>
        Tool.Run(
            workshop.Path,
            compiler,
            [
                .. flags, $"-I{Library.HeaderFolder}", source, "-o", workshop.File(name),
                $"-L{Library.Folder}", "-lculverin", $"-Wl,-rpath,{Library.Folder}",
            ]).Expect();

    private static void Compiles(string compiler, string standard, string name)
    {
        using var workshop = new Workshop();
        File.WriteAllText(
            workshop.File(name),
            "#include \"culverin.h\"\n#include \"culverin.h\"\n"
                + "int main(void) { return culverin_selftest() == CULVERIN_OK ? 0 : 1; }\n");
        Build(workshop, compiler, workshop.File(name), "program", [standard, .. Strict]);
        Tool.Run(workshop.Path, workshop.File("program"), []).Expect();
    }
}
