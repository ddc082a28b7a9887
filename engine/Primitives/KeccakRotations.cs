using System.Collections.Immutable;

namespace Culverin.Primitives;

/// <summary>The shape of the Keccak state: 5 by 5 lanes, and how far rho rotates each.</summary>
internal static class KeccakRotations
{
    /// <summary>Lanes of a state.</summary>
    public const int StateLanes = Keccak256.StateLanes;

    /// <summary>Lanes of a row or column.</summary>
    public const int SideLanes = 5;

    private const int LaneBits = 64;

    private static readonly ImmutableArray<int> Rotations = Compute();

    /// <summary>The number of lane (x, y) of the Keccak reference; both are taken modulo 5.</summary>
    public static int LaneOf(int x, int y) => (x % SideLanes) + (SideLanes * (y % SideLanes));

    /// <summary>How many bits rho rotates a lane to the left.</summary>
    public static int Of(int lane) => Rotations[lane];

    // The walk (x, y) -> (y, 2x + 3y) from (1, 0), with triangular numbers.
    private static ImmutableArray<int> Compute()
    {
        int[] rotations = new int[StateLanes];
        int x = 1;
        int y = 0;
        for (int step = 0; step < StateLanes - 1; step++)
        {
            rotations[LaneOf(x, y)] = (step + 1) * (step + 2) / 2 % LaneBits;
            (x, y) = (y, ((2 * x) + (3 * y)) % SideLanes);
        }

        return [.. rotations];
    }
}
