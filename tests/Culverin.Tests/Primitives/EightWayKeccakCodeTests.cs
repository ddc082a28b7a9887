using System.Buffers.Binary;
using System.Runtime.InteropServices;
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
    public void ItHashesEachOfEightInputs()
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

        ulong[] digests = Digests(lanes);
        for (int state = 0; state < Width; state++)
        {
            lanes[(Keccak256.PairLanes * Width) + state] = 1;
            lanes[((Keccak256.RateLanes - 1) * Width) + state] = 1UL << 63;
        }

        new WideVectorSimulator(lanes, Keccak256.RoundConstants.ToArray()).Run(Code());
        Assert.Equal(digests, lanes[..digests.Length]);
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

    private static ulong[] Digests(ulong[] lanes)
    {
        ulong[] digests = new ulong[Keccak256.DigestLanes * Width];
        for (int state = 0; state < Width; state++)
        {
            ulong[] input = new ulong[Keccak256.PairLanes];
            for (int lane = 0; lane < input.Length; lane++)
            {
                input[lane] = lanes[(lane * Width) + state];
            }

            byte[] digest = KeccakReference.Hash(MemoryMarshal.AsBytes(input.AsSpan()));
            for (int lane = 0; lane < Keccak256.DigestLanes; lane++)
            {
                digests[(lane * Width) + state] =
                    BinaryPrimitives.ReadUInt64LittleEndian(digest.AsSpan(lane * sizeof(ulong)));
            }
        }

        return digests;
    }
}
