using System;
using System.Collections.Generic;
using System.Linq;
using Culverin.Isa;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Isa;

/// <summary>The list of the manual's other instructions is consistent with the decoder.</summary>
public sealed class ManualInstructionTests
{
    private const int Seed = 7;
    private const int Tries = 4096;

    [Fact]
    public void EachEntryIsFoundByWordsOfItsOwn()
    {
        var random = new Random(Seed);
        foreach (ManualInstruction entry in ManualInstruction.All)
        {
            int found = 0;
            for (int attempt = 0; attempt < Tries; attempt++)
            {
                uint word = ((uint)random.NextInt64(1L << 32) & ~entry.Row.FixedMask) | entry.Row.FixedBits;
                ManualInstruction? match = ManualInstruction.Find(word);
                Assert.NotNull(match);
                Assert.True(
                    uint.PopCount(match.Row.FixedMask) >= uint.PopCount(entry.Row.FixedMask),
                    entry.Row.Mnemonic);
                found += ReferenceEquals(match, entry) ? 1 : 0;
            }

            Assert.True(found > 0, $"{entry.Row.Mnemonic} is never found (seed {Seed})");
        }
    }

    [Fact]
    public void EntriesWithoutANoteAreRefusedByAllVersions()
    {
        foreach (FeatureSet set in FeatureSet.All)
        {
            var decoder = new Decoder(set);
            foreach (ManualInstruction entry in ManualInstruction.All)
            {
                Assert.True(
                    decoder.Has(entry.Row.FixedBits) == (entry.Note.Length > 0),
                    $"{entry.Row.Mnemonic} in version {(byte)set.Version}");
            }
        }
    }

    [Fact]
    public void OrdinaryInstructionsAreNotListed()
    {
        IEnumerable<string> linking = ManualInstruction.All.Select(entry => entry.Row.Mnemonic)
            .Intersect(InstructionSet.Rows.Select(row => row.Mnemonic));
        Assert.Equal(["bltzal", "bgezal"], linking);
    }
}
