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
    private const string Unmasked = " of versions 3 and 4";
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

    private const string PrimaryTable64 = """
        special regimm j jal beq bne blez bgtz
        addi addiu slti sltiu andi ori xori lui
        - - - - - - - -
        daddi daddiu ldl ldr special2 - - -
        lb lh lwl lw lbu lhu lwr lwu
        sb sh swl sw sdl sdr swr -
        ll - - - lld - - ld
        sc - - - scd - - sd
        """;

    private const string SpecialTable64 = """
        sll - srl sra sllv - srlv srav
        jr jalr movz movn syscall - - sync
        mfhi mthi mflo mtlo dsllv - dsrlv dsrav
        mult multu div divu dmult dmultu ddiv ddivu
        add addu sub subu and or xor nor
        - - slt sltu dadd daddu dsub dsubu
        - - - - - - - -
        dsll - dsrl dsra dsll32 - dsrl32 dsra32
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

    public static TheoryData<StateVersion> Versions => [.. Enum.GetValues<StateVersion>()];

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
                string actual = NameOf(InstructionSet.Rows[decoder.Decode(word).Opcode - 1]);
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

        for (int opcode = 1; opcode <= InstructionSet.Rows.Count; opcode++)
        {
            string mnemonic = InstructionSet.Rows[opcode - 1].Mnemonic;
            Assert.True(used.Contains((byte)opcode), mnemonic);
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
        bool is64 = (int)version is 3 or 4 or 6 or 7 or 8;
        string[] primary = Parse(is64 ? PrimaryTable64 : PrimaryTable);
        string[] special = Parse(is64 ? SpecialTable64 : SpecialTable);
        string[] special2 = Parse(Special2Table);
        if ((int)version is 7 or 8)
        {
            special2[0x24] = "dclz";
            special2[0x25] = "dclo";
        }

        if ((int)version is 3 or 4)
        {
            special[0x00] += Unmasked;
            special[0x04] += Unmasked;
        }

        for (uint value = 0; value < 64; value++)
        {
            if (value is not (SpecialPrimary or RegimmPrimary or Special2Primary))
            {
                yield return (value << 26, primaryMask, primary[value]);
            }

            yield return (value, primaryMask | 63, special[value]);
            yield return ((Special2Primary << 26) | value, primaryMask | 63, special2[value]);
            if (value < 32)
            {
                yield return (
                    (RegimmPrimary << 26) | (value << 16),
                    primaryMask | (31 << 16),
                    RegimmMnemonic((int)version, value));
            }
        }
    }

    // No REGIMM encoding is reserved: those without a meaning are branches never taken. Versions 1 to 3
    // follow recordings that know one of the two linking forms.
    private static string RegimmMnemonic(int version, uint rt) => rt switch
    {
        0 => "bltz",
        1 => "bgez",
        16 when version >= 4 => "bltzal",
        17 when version >= 1 => "bgezal",
        _ => "regimm",
    };

    private static string NameOf(InstructionRow row) =>
        row.Mnemonic + (row.Required == InstructionFeatures.UnmaskedShiftLeft ? Unmasked : "");

    private static string[] Parse(string table)
    {
        string[] cells = table.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(64, cells.Length);
        return Array.ConvertAll(cells, cell => cell == "-" ? Reserved : cell);
    }
}
