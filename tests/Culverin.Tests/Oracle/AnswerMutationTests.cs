using System.Buffers.Binary;
using Culverin.Oracle;
using Culverin.Oracle.Server;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Oracle;

/// <summary>
/// A server whose answers are damaged: flipped bits, cut off, too long, absurd lengths. What comes out is
/// what the bytes say, or a typed error.
/// </summary>
public sealed class AnswerMutationTests(ITestOutputHelper output)
{
    private const int MutationCount = 1000;
    private const int LengthSizeBytes = 8;
    private const int ValueBytesMax = 300;

    /// <summary>Takes one key, answers with a file's bytes, whatever they are, and ends.</summary>
    private const string Server = "head -c 32 <&5 >/dev/null; cat \"$0\" >&6";

    [Fact]
    public void DamagedAnswersAreUnderstoodAsTheyAreOrRefused()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        string file = folder.File("answer");
        int refused = 0;
        for (int number = 0; number < MutationCount; number++)
        {
            byte[] answer = Mutate(random, number % 5);
            File.WriteAllBytes(file, answer);
            byte[]? value = Ask(file, $"seed {seed} mutation {number}");
            byte[]? expected = Understand(answer);
            if (value is null)
            {
                // More bytes than promised are a fault too, as soon as they are seen.
                refused++;
                bool hasMore = expected is not null && answer.Length > LengthSizeBytes + expected.Length;
                Assert.True(
                    expected is null || hasMore,
                    $"seed {seed} mutation {number}: a whole answer was refused");
            }
            else
            {
                Assert.Equal(expected, value);
            }
        }

        output.WriteLine($"{refused} of {MutationCount} refused");
        Assert.InRange(refused, MutationCount / 4, MutationCount - 1);
    }

    private static byte[]? Ask(string file, string where)
    {
        var options = new OracleOptions
        {
            PreimageBytesMax = 1 << 20,
            AnswerDeadline = TimeSpan.FromSeconds(20),
        };
        using var oracle = new ProcessOracle("/bin/sh", ["-c", Server, file], options, (_, _) => { });
        try
        {
            return oracle.GetPreimage(new byte[32]);
        }
        catch (CulverinException error)
        {
            Assert.True(
                error.Code is ErrorCode.PreimageServer or ErrorCode.LimitExceeded, $"{where}: {error.Code}");
            return null;
        }
    }

    private static byte[]? Understand(byte[] answer)
    {
        if (answer.Length < LengthSizeBytes)
        {
            return null;
        }

        ulong length = BinaryPrimitives.ReadUInt64BigEndian(answer);
        return length <= (ulong)(answer.Length - LengthSizeBytes)
            ? answer[LengthSizeBytes..(LengthSizeBytes + (int)length)]
            : null;
    }

    private static byte[] Mutate(Random random, int kind)
    {
        byte[] good = new byte[LengthSizeBytes + random.Next(ValueBytesMax)];
        random.NextBytes(good);
        BinaryPrimitives.WriteUInt64BigEndian(good, (ulong)(good.Length - LengthSizeBytes));
        switch (kind)
        {
            case 0:
                good[random.Next(LengthSizeBytes)] ^= (byte)(1 << random.Next(8));
                return good;
            case 1:
                return good[..random.Next(good.Length)];
            case 2:
                return [.. good, .. new byte[random.Next(1, 5000)]];
            case 3:
                random.NextBytes(good.AsSpan(0, LengthSizeBytes));
                return good;
            default:
                good[random.Next(good.Length)] ^= (byte)random.Next(1, 256);
                return good;
        }
    }
}
