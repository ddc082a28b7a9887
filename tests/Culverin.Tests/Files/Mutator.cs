namespace Culverin.Tests.Files;

/// <summary>
/// Damages files in the ways that disks, networks and attackers do; the same seed gives the same damage.
/// </summary>
internal sealed class Mutator
{
    private static readonly uint[] Extremes =
        [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff, 0x0010_0001];

    private readonly Random _random;
    private readonly int[] _lengthOffsets;

    /// <summary>Makes a source of damage.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="lengthOffsets">Where the file has big-endian 4-byte lengths and counts.</param>
    public Mutator(int seed, params int[] lengthOffsets)
    {
        _random = new Random(seed);
        _lengthOffsets = lengthOffsets;
    }

    /// <summary>A damaged copy; one of seven kinds of damage in turn.</summary>
    public byte[] Mutate(byte[] good, int number)
    {
        int place = _random.Next(good.Length);
        int length = Math.Min(_random.Next(1, 64), good.Length - place);
        byte[] bad = [.. good];
        switch (number % 7)
        {
            case 0:
                bad[place] ^= (byte)(1 << _random.Next(8));
                return bad;
            case 1:
                _random.NextBytes(bad.AsSpan(place, length));
                return bad;
            case 2:
                return good[..place];
            case 3:
                return [.. good[..place], .. good[(place + length)..]];
            case 4:
                return [.. good[..(place + length)], .. good[place..]];
            case 5:
                // Headers matter most: bits of the first hundred bytes.
                bad[_random.Next(Math.Min(good.Length, 100))] ^= (byte)(1 << _random.Next(8));
                return bad;
            default:
                Oversize(bad);
                return bad;
        }
    }

    private void Oversize(byte[] bad)
    {
        int offset = _lengthOffsets.Length > 0 && _random.Next(4) != 0
            ? _lengthOffsets[_random.Next(_lengthOffsets.Length)]
            : _random.Next(bad.Length / 4) * 4;
        uint value = Extremes[_random.Next(Extremes.Length)];
        for (int index = 0; index < sizeof(uint) && offset + index < bad.Length; index++)
        {
            bad[offset + index] = (byte)(value >> (24 - (8 * index)));
        }
    }
}
