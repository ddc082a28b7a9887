namespace Culverin.Tests.Primitives;

/// <summary>
/// A second Keccak-256 for the tests, as slow and literal as FIPS 202 writes it: loops over x and y, the
/// rotations and round constants computed by the standard's own algorithms 2 and 5 instead of tables. It
/// shares nothing with the engine, so that no constant can be wrong in both.
/// </summary>
internal static class KeccakReference
{
    private const int RateBytes = 136;
    private const int RoundCount = 24;

    /// <summary>Hashes data of any length to 32 bytes, with the original padding byte 0x01.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        byte[] padded = new byte[((data.Length / RateBytes) + 1) * RateBytes];
        data.CopyTo(padded);
        padded[data.Length] ^= 0x01;
        padded[^1] ^= 0x80;

        ulong[,] state = new ulong[5, 5];
        for (int block = 0; block < padded.Length; block += RateBytes)
        {
            for (int i = 0; i < RateBytes; i++)
            {
                int lane = i / 8;
                state[lane % 5, lane / 5] ^= (ulong)padded[block + i] << (8 * (i % 8));
            }

            for (int round = 0; round < RoundCount; round++)
            {
                state = Round(state, round);
            }
        }

        byte[] digest = new byte[32];
        for (int i = 0; i < digest.Length; i++)
        {
            int lane = i / 8;
            digest[i] = (byte)(state[lane % 5, lane / 5] >> (8 * (i % 8)));
        }

        return digest;
    }

    private static ulong[,] Round(ulong[,] state, int round)
    {
        return Iota(Chi(Pi(Rho(Theta(state)))), round);
    }

    private static ulong[,] Theta(ulong[,] a)
    {
        ulong[] parity = new ulong[5];
        for (int x = 0; x < 5; x++)
        {
            for (int y = 0; y < 5; y++)
            {
                parity[x] ^= a[x, y];
            }
        }

        return Map((x, y) => a[x, y] ^ parity[(x + 4) % 5] ^ ulong.RotateLeft(parity[(x + 1) % 5], 1));
    }

    private static ulong[,] Rho(ulong[,] a)
    {
        ulong[,] result = new ulong[5, 5];
        result[0, 0] = a[0, 0];
        int x = 1;
        int y = 0;
        for (int t = 0; t < 24; t++)
        {
            result[x, y] = ulong.RotateLeft(a[x, y], (t + 1) * (t + 2) / 2 % 64);
            (x, y) = (y, ((2 * x) + (3 * y)) % 5);
        }

        return result;
    }

    private static ulong[,] Pi(ulong[,] a)
    {
        return Map((x, y) => a[(x + (3 * y)) % 5, x]);
    }

    private static ulong[,] Chi(ulong[,] a)
    {
        return Map((x, y) => a[x, y] ^ (~a[(x + 1) % 5, y] & a[(x + 2) % 5, y]));
    }

    private static ulong[,] Iota(ulong[,] a, int round)
    {
        for (int j = 0; j <= 6; j++)
        {
            if (RoundConstantBit(j + (7 * round)))
            {
                a[0, 0] ^= 1UL << ((1 << j) - 1);
            }
        }

        return a;
    }

    // The standard's rc(t): the output of a shift register with the polynomial x^8 + x^6 + x^5 + x^4 + 1.
    private static bool RoundConstantBit(int t)
    {
        int register = 1;
        for (int i = 0; i < t % 255; i++)
        {
            register <<= 1;
            if ((register & 0x100) != 0)
            {
                register ^= 0x171;
            }
        }

        return (register & 1) != 0;
    }

    private static ulong[,] Map(Func<int, int, ulong> lane)
    {
        ulong[,] result = new ulong[5, 5];
        for (int x = 0; x < 5; x++)
        {
            for (int y = 0; y < 5; y++)
            {
                result[x, y] = lane(x, y);
            }
        }

        return result;
    }
}
