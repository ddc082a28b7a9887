using System;
using System.Collections.Generic;
using Culverin.Isa;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Isa;

/// <summary>
/// Every class of encodings decodes to exactly the instruction that VM-SPEC section 6 names, by a table that
/// is written here from the specification and knows nothing of the rows.
/// </summary>
public sealed class DecoderTests
{
    private const string Reserved = "reserved";
    private const uint SpecialPrimary = 0;
    private const uint RegimmPrimary = 1;
    private const uint Special2Primary = 28;
    private const int VariantsPerClass = 300;
    private const int Seed = 20261121;

    // Eight a line, as the manual prints its tables; a dash is reserved.
    private const string PrimaryTable = """
        special regimm j jal beq bne blez bgtz
        addi addiu slti sltiu andi ori xori lui
        - - - - - - - -
        - - - - special2 - - -
        lb lh lwl lw lbu lhu lwr -
        sb sh swl sw - - swr -
        ll - - - - - - -
        sc - - - - - - -
        """;

    private const string SpecialTable = """
        sll - srl sra sllv - srlv srav
        jr jalr movz movn syscall - - sync
        mfhi mthi mflo mtlo - - - -
        mult multu div divu - - - -
        add addu sub subu and or xor nor
        - - slt sltu - - - -
        - - - - - - - -
        - - - - - - - -
        """;

    private const string Special2Table = """
        - - mul - - - - -
        - - - - - - - -
        - - - - - - - -
        - - - - - - - -
        clz clo - - - - - -
        - - - - - - - -
        - - - - - - - -
        - - - - - - - -
        """;

    public static TheoryData<StateVersion> Versions =>
        [StateVersion.SingleThreaded, StateVersion.SingleThreaded2];

    [Theory]
    [MemberData(nameof(Versions))]
    public void EveryClassDecodesAsSpecified(StateVersion version)
    {
        var decoder = new Decoder(FeatureSet.Of(version));
        var random = new Random(Seed);
        int classes = 0;
        foreach ((uint bits, uint mask, string expected) in Classes(version))
        {
            classes++;
            for (int variant = 0; variant < VariantsPerClass; variant++)
            {
                uint other = variant switch
                {
                    0 => 0,
                    1 => uint.MaxValue,
                    _ => (uint)random.NextInt64(1L << 32),
                };
                uint word = bits | (other & ~mask);
                string actual = InstructionSet.Rows[decoder.Decode(word).Opcode - 1].Mnemonic;
                Assert.True(expected == actual, $"0x{word:x8}: {actual}, not {expected} (seed {Seed})");
                Assert.Equal(expected != Reserved, decoder.Has(word));
            }
        }

        Assert.Equal(61 + 64 + 64 + 32, classes);
    }

    [Fact]
    public void EveryRowIsUsedBySomeVersion()
    {
        HashSet<byte> used = [];
        foreach (FeatureSet set in FeatureSet.All)
        {
            used.UnionWith(new Decoder(set).Opcodes);
        }

        // bltzal came to later builds of the reference than the one that version 2 follows.
        for (int opcode = 1; opcode <= InstructionSet.Rows.Count; opcode++)
        {
            string mnemonic = InstructionSet.Rows[opcode - 1].Mnemonic;
            Assert.True(used.Contains((byte)opcode) || mnemonic == "bltzal", mnemonic);
        }
    }

    [Fact]
    public void FieldsAreTakenFromTheirBits()
    {
        var decoder = new Decoder(FeatureSet.Of(StateVersion.SingleThreaded2));
        var random = new Random(Seed);
        for (int round = 0; round < 10_000; round++)
        {
            uint word = (uint)random.NextInt64(1L << 32);
            Instruction instruction = decoder.Decode(word);
            InstructionRow row = InstructionSet.Rows[instruction.Opcode - 1];
            Assert.Equal((word >> 21) & 31, instruction.Rs);
            Assert.Equal((word >> 16) & 31, instruction.Rt);
            Assert.Equal((word >> 11) & 31, instruction.Rd);
            switch (row.Format)
            {
                case InstructionFormat.Immediate:
                    Assert.Equal((short)word, instruction.SignedImmediate);
                    Assert.Equal((ushort)word, instruction.UnsignedImmediate);
                    break;
                case InstructionFormat.Jump:
                    Assert.Equal((int)(word & 0x03FF_FFFF), instruction.JumpIndex);
                    break;
                default:
                    Assert.Equal((int)((word >> 6) & 31), instruction.ShiftAmount);
                    break;
            }
        }
    }

    [Fact]
    public void KeysNumberTheClasses()
    {
        for (int key = 0; key < EncodingClass.KeyCount; key++)
        {
            uint word = EncodingClass.WordOf(key);
            Assert.Equal(0u, word & ~EncodingClass.MaskOf(key));
            if (EncodingClass.KeyOf(word) == key)
            {
                Assert.Equal(key, EncodingClass.KeyOf(word | ~EncodingClass.MaskOf(key)));
            }
        }
    }

    private static IEnumerable<(uint Bits, uint Mask, string Mnemonic)> Classes(StateVersion version)
    {
        const uint primaryMask = 63u << 26;
        string[] primary = Parse(PrimaryTable);
        for (uint value = 0; value < 64; value++)
        {
            if (value is not (SpecialPrimary or RegimmPrimary or Special2Primary))
            {
                yield return (value << 26, primaryMask, primary[value]);
            }

            yield return (value, primaryMask | 63, Parse(SpecialTable)[value]);
            yield return ((Special2Primary << 26) | value, primaryMask | 63, Parse(Special2Table)[value]);
            if (value < 32)
            {
                yield return (
                    (RegimmPrimary << 26) | (value << 16),
                    primaryMask | (31 << 16),
                    RegimmMnemonic(version, value));
            }
        }
    }

    // No REGIMM encoding is reserved: those without a meaning are branches never taken.
    private static string RegimmMnemonic(StateVersion version, uint rt) => rt switch
    {
        0 => "bltz",
        1 => "bgez",
        17 when version == StateVersion.SingleThreaded2 => "bgezal",
        _ => "regimm",
    };

    private static string[] Parse(string table)
    {
        string[] cells = table.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(64, cells.Length);
        return Array.ConvertAll(cells, cell => cell == "-" ? Reserved : cell);
    }
}
