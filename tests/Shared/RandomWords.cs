using System.Numerics;

namespace Culverin.Tests.Shared;

/// <summary>
/// Random words that lean towards the borders of widths, signs, pages, memory slots and address spaces.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal sealed class RandomWords<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private const ulong CodePage = 0x0040_0000;
    private const int PageSizeBytes = 4096;

    // Cut to 32 bits they are the borders of those words.
    private static readonly ulong[] EdgeWords =
    [
        0, 1, 2, 3, 4, 5, 7, 8, 31, 32, 33, 63, 64, 65, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x0001_0000,
        0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_0000, 0xFFFF_8000, 0xFFFF_FFFC,
        0xFFFF_FFFE, 0xFFFF_FFFF, 0x1_0000_0000, 0x1_0000_0001, 0x8000_0000_0000_0000, 0x8000_0000_0000_0001,
        0x7FFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_8000_0000, 0xFFFF_FFFF_7FFF_FFFF, 0xFFFF_FFFF_0000_0000,
        0xFFFF_FFFF_FFFF_FFFE, 0xFFFF_FFFF_FFFF_FFFF, 0x0123_4567_89AB_CDEF, 0x0000_0001_FFFF_FFFF,
    ];

    // Ordinary data, Go's heap, the heap's start, two borders of a slot of 1 TiB, where the slots end, the
    // top.
    private static readonly ulong[] Places64 =
    [
        0x0123_4000, 0xC0_0000_3000, 0x1000_0000_0000, 0x100_0000_0000, 0xFF_FFFF_F000, 0x1_0000_0000_0000,
        0xFFFF_FFFF_F000, 0xFFFF_FFFF_FFFF_F000,
    ];

    private static readonly ulong[] OddCode =
    [
        0, 0xFFFF_FFFC, CodePage + 0xFFC, 0x0FFF_FFFC, 0x1_0000_0000, 0x1_0000_0000_0000,
        0xFFFF_FFFF_FFFF_FFFC,
    ];

    private readonly Random _random;

    /// <summary>Chooses a place for data.</summary>
    public RandomWords(Random random)
    {
        _random = random;
        DataPage = Is64Bit ? Cut(Places64[random.Next(2) * random.Next(Places64.Length)]) : Cut(Places64[0]);
    }

    /// <summary>First address of the page that data addresses lie in or near.</summary>
    public TWord DataPage { get; }

    private static unsafe bool Is64Bit => sizeof(TWord) == sizeof(ulong);

    /// <summary>Cuts a number to the word.</summary>
    public static TWord Cut(ulong value) => TWord.CreateTruncating(value);

    /// <summary>Any word: random bits, an edge, or an address of data.</summary>
    public TWord Any() => _random.Next(4) switch
    {
        0 => Bits(),
        1 => DataAddress(),
        _ => Edge(),
    };

    /// <summary>Random bits.</summary>
    public TWord Bits() => Cut((ulong)_random.NextInt64(long.MinValue, long.MaxValue));

    /// <summary>A boundary of some width or sign.</summary>
    public TWord Edge() => Cut(EdgeWords[_random.Next(EdgeWords.Length)]);

    /// <summary>An address in the data page or a few bytes beside it, of any alignment.</summary>
    public TWord DataAddress() => unchecked(
        DataPage + TWord.CreateTruncating(_random.Next(-16, PageSizeBytes + 8)));

    /// <summary>An address of code, seldom one that is odd for its place or alignment.</summary>
    public TWord CodeAddress()
    {
        ulong address = _random.Next(8) == 0
            ? OddCode[_random.Next(OddCode.Length)]
            : CodePage + ((ulong)_random.Next(1024) << 2);
        return Cut(_random.Next(32) == 0 ? address | (uint)_random.Next(1, 4) : address);
    }
}
