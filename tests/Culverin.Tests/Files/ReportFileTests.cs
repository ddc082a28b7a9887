using Culverin.Files;
using Culverin.Guest;
using Culverin.Run;
using Culverin.Tests.Oracle;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Files;

/// <summary>Meta and debug-info files.</summary>
public sealed class ReportFileTests
{
    [Fact]
    public void MetaHasTheReferencesLayoutAndEscapes()
    {
        using var folder = new TemporaryFolder();
        var symbols = new SymbolTable(
        [
            new ElfSymbol("type:.eq.[2]<-chan·\u2028\n\u0001\ufffd", 8, 2),
            new ElfSymbol("go.\"a\"\\&", 4, ulong.MaxValue),
        ]);
        MetaFile.Write(folder.File("meta.json"), symbols);
        Assert.Equal(
            """
            {
              "symbols": [
                {
                  "name": "go.\"a\"\\\u0026",
                  "start": 4,
                  "size": 18446744073709551615
                },
                {
                  "name": "type:.eq.[2]\u003c-chan·\u2028\n\u0001\ufffd",
                  "start": 8,
                  "size": 2
                }
              ]
            }


            """,
            File.ReadAllText(folder.File("meta.json")));
        Assert.Equal(symbols.Symbols, MetaFile.Read(folder.File("meta.json")).Symbols);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("quirks")]
    public void SymbolsOfAProgramSurvive(string guest)
    {
        using var folder = new TemporaryFolder();
        string path = RepositoryFiles.Vector("elf", guest + ".elf.gz");
        ElfFile elf = ElfFile.Parse(RepositoryFiles.ReadGzip(path));
        var symbols = new SymbolTable(elf.Symbols);
        MetaFile.Write(folder.File("meta.json"), symbols);
        Assert.Equal(symbols.Symbols, MetaFile.Read(folder.File("meta.json")).Symbols);
        MetaFile.Write(folder.File("meta.json.gz"), SymbolTable.Empty);
        Assert.Empty(MetaFile.Read(folder.File("meta.json.gz")).Symbols);
    }

    [Theory]
    [InlineData("{}", "no field \"symbols\"")]
    [InlineData("{\"symbols\": null}", "not an array")]
    [InlineData("{\"symbols\": [{\"name\": \"a\", \"start\": 1}]}", "no field \"size\"")]
    [InlineData("{\"symbols\": [{\"name\": 1, \"start\": 1, \"size\": 1}]}", "name is not a string")]
    public void WrongMetaIsNamed(string text, string what)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("meta.json"), text);
        CulverinException error = OracleAssert.Fails(
            ErrorCode.InvalidArgument, () => MetaFile.Read(folder.File("meta.json")));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    // The first four values are what the reference wrote for the same run.
    [Fact]
    public void DebugInfoHasTheFieldsOfTheNewestReference()
    {
        using var folder = new TemporaryFolder();
        var vector = new GuestVector(StateVersion.SingleThreaded2, "preimage");
        using Machine machine = vector.CreateMachine();
        machine.Run(new RunLimits());
        DebugInfoFile.Write(folder.File("d.json"), machine);
        Assert.Equal(
            $$"""
            {
              "pages": 386,
              "memory_used": "0x182000",
              "num_preimage_requests": 27,
              "total_preimage_size": 9163,
              "total_steps": {{vector.Steps}},
              "instruction_cache_miss_count": 0,
              "highest_icache_miss_pc": "0x0",
              "rmw_success_count": 0,
              "rmw_fail_count": 0,
              "max_steps_between_ll_and_sc": 0,
              "reservation_invalidation_count": 0,
              "forced_preemption_count": 0,
              "idle_step_count_thread_0": 0
            }


            """,
            File.ReadAllText(folder.File("d.json")));
    }
}
