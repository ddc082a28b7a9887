using Culverin.Guest;
using Culverin.Inspect.Symbols;
using Culverin.Tests.Shared;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Inspect.Symbols;

/// <summary>
/// Debug data are from outside: whatever they hold, they are read, or refused with a sentence.
/// </summary>
public sealed class DamagedDebugDataTests(ITestOutputHelper output)
{
    private const int RoundCount = 1500;

    [Theory]
    [InlineData("nested.elf")]
    [InlineData("nested.64.elf")]
    [InlineData("nested-dwarf4.elf")]
    public void DamagedBytesAreReadOrRefused(string name)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        byte[] whole = RepositoryFiles.ReadGzip(OwnGuest.ElfPath(name));
        ElfSection[] sections =
        [
            .. ElfFile.Parse(whole).Sections.Where(
                section => section.Name.StartsWith(".debug", StringComparison.Ordinal)),
        ];
        Assert.True(sections.Length >= 6);
        int refused = 0;
        for (int round = 0; round < RoundCount; round++)
        {
            byte[] damaged = [.. whole];
            ElfSection section = sections[random.Next(sections.Length)];
            for (int count = random.Next(1, 6); count > 0; count--)
            {
                long at = (long)section.FileOffset + random.NextInt64((long)section.SizeBytes);
                damaged[at] = random.Next(3) switch
                {
                    0 => 0,
                    1 => 0xFF,
                    _ => (byte)random.Next(256),
                };
            }

            refused += IsRefused(ElfFile.Parse(damaged)) ? 1 : 0;
        }

        Assert.InRange(refused, RoundCount / 50, RoundCount - 1);
    }

    [Theory]
    [InlineData("walker.go119.elf")]
    public void DamagedTablesOfGoAreReadOrRefused(string name)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        byte[] whole = RepositoryFiles.ReadGzip(OwnGuest.ElfPath(name));
        ElfSection section = ElfFile.Parse(whole).Sections.Single(each => each.Name == ".gopclntab");
        for (int round = 0; round < 100; round++)
        {
            byte[] damaged = [.. whole];
            for (int count = 2000; count > 0; count--)
            {
                damaged[(long)section.FileOffset + random.NextInt64((long)section.SizeBytes)] ^= 0x55;
            }

            damaged[(long)section.FileOffset + random.Next(60)] ^= (byte)(round & 0xFF);
            var elf = ElfFile.Parse(damaged);
            try
            {
                if (GoFunctionTable.TryRead(new DebugSections(elf)) is { } table)
                {
                    foreach (ElfSymbol function in elf.Functions.Take(300))
                    {
                        if (table.FunctionAt(function.Start + 8) is { } found)
                        {
                            _ = table.FrameSizeAt(found, function.Start + 8);
                            _ = table.PlaceAt(found, function.Start + 8);
                        }
                    }
                }
            }
            catch (CulverinException error) when (error.Code == ErrorCode.InvalidElf)
            {
                Assert.Contains("cannot be used", error.Message, StringComparison.Ordinal);
            }
        }
    }

    private static bool IsRefused(ElfFile elf)
    {
        var symbols = ProgramSymbols.Of(elf);
        try
        {
            _ = symbols.DebugInfo!.MembersOf("visit");
            foreach (ElfSymbol function in elf.Functions)
            {
                for (ulong offset = 0; offset < function.SizeBytes; offset += 16)
                {
                    _ = symbols.FramesAt(function.Start + offset);
                    _ = symbols.Frames!.At(function.Start + offset);
                }
            }

            return false;
        }
        catch (CulverinException error) when (error.Code == ErrorCode.InvalidElf)
        {
            Assert.Contains("debug data cannot be used", error.Message, StringComparison.Ordinal);
            return true;
        }
    }
}
