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
    public void EachVersionRunsAnEntryAsItSays()
    {
        foreach (FeatureSet set in FeatureSet.All)
        {
            var decoder = new Decoder(set);
            foreach (ManualInstruction entry in ManualInstruction.All)
            {
                InstructionFeatures required = entry.Row.Required;
                bool isOwn = required != InstructionFeatures.None && set.Instructions.HasFlag(required);
                bool isOther = entry.Note.Length > 0 && set.Instructions.HasFlag(entry.NoteRequires);
                string what = $"{entry.Row.Mnemonic} in version {(byte)set.Version}";
                Assert.True(decoder.Has(entry.Row.FixedBits) == (isOwn || isOther), what);
                string found = InstructionSet.Rows[decoder.Decode(entry.Row.FixedBits).Opcode - 1].Mnemonic;
                Assert.True(isOwn == (found == entry.Row.Mnemonic), what);
            }
        }
    }

    // A version that lacks it can then name it; the others find it by its row.
    [Fact]
    public void ListedAndExecutedAreThoseThatSomeVersionLacks()
    {
        IEnumerable<(string Mnemonic, uint Bits, InstructionFeatures Required)> lacking = InstructionSet.Rows
            .Where(row => row.Required is not InstructionFeatures.None
                and not InstructionFeatures.UnmaskedShiftLeft)
            .Select(row => (row.Mnemonic, row.FixedBits, row.Required));
        IEnumerable<(string Mnemonic, uint Bits, InstructionFeatures Required)> listed = ManualInstruction.All
            .Where(entry => InstructionSet.Rows.Any(row => row.Mnemonic == entry.Row.Mnemonic))
            .Select(entry => (entry.Row.Mnemonic, entry.Row.FixedBits, entry.Row.Required));
        Assert.Equal(lacking.Order(), listed.Order());
    }
}
