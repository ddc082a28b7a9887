using System;
using Culverin.Primitives;
using Culverin.Tests.X64;
using Xunit;
using Xunit.Abstractions;
using Assembler = Culverin.X64.Assembler;

namespace Culverin.Tests.Primitives;

/// <summary>
/// The eight-way machine code where no processor can run it: read by an independent decoder, carried out as
/// the manual says, one instruction after the other.
/// </summary>
public sealed class EightWayKeccakCodeTests(ITestOutputHelper output)
{
    private const int CodeSizeBytes = 8192;
    private const int Width = EightWayKeccakCode.Width;
    private const int StateLanes = KeccakRotations.StateLanes;

    [Fact]
    public void ItPermutesEachOfEightStates()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        ulong[] lanes = new ulong[EightWayKeccakCode.BlockSizeBytes / sizeof(ulong)];
        Assert.Equal(StateLanes * Width, lanes.Length);
        for (int index = 0; index < lanes.Length; index++)
        {
            lanes[index] = (ulong)random.NextInt64() ^ ((ulong)random.Next() << 40);
        }

        ulong[] expected = (ulong[])lanes.Clone();
        Permute(expected);
        new WideVectorSimulator(lanes, Keccak256.RoundConstants.ToArray()).Run(Code());
        Assert.Equal(expected, lanes);
    }

    // SAFETY: the assembler knows the buffer's length.
    private static unsafe byte[] Code()
    {
        byte[] buffer = new byte[CodeSizeBytes];
        fixed (byte* start = buffer)
        {
            var code = new Assembler(start, buffer.Length);
            EightWayKeccakCode.Write(code);
            return buffer[..code.Position];
        }
    }

    private static void Permute(ulong[] lanes)
    {
        for (int state = 0; state < Width; state++)
        {
            ulong[] one = new ulong[StateLanes];
            for (int lane = 0; lane < StateLanes; lane++)
            {
                one[lane] = lanes[(lane * Width) + state];
            }

            KeccakReference.Permute(one);
            for (int lane = 0; lane < StateLanes; lane++)
            {
                lanes[(lane * Width) + state] = one[lane];
            }
        }
    }
}
