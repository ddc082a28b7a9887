using Culverin.Oracle;
using Xunit;

namespace Culverin.Tests.Oracle;

/// <summary>
/// Damaged record files: whatever happens to the bytes, a replay gives the recorded data or a typed error.
/// </summary>
public sealed class RecordMutationTests
{
    private const int Seed = 4711;
    private const int MutationCount = 4000;

    [Fact]
    public void Mutations_give_the_right_data_or_a_typed_error()
    {
        using var folder = new TemporaryFolder();
        List<byte[]> keys = Record(folder.File("good"));
        byte[] good = File.ReadAllBytes(folder.File("good"));
        var random = new Random(Seed);
        int refused = 0;
        for (int number = 0; number < MutationCount; number++)
        {
            byte[] bad = Mutate(good, random, number % 7);
            string file = folder.File("bad");
            File.WriteAllBytes(file, bad);
            foreach (bool acceptUnfinished in new[] { false, true })
            {
                try
                {
                    refused += Replay(file, keys, acceptUnfinished);
                }
                catch (Exception error) when (error is not CulverinException)
                {
                    Assert.Fail($"mutation {number} of seed {Seed}: {error}");
                }
            }

            // A single flipped bit or a missing byte must be noticed somewhere, not just survived.
            bool isSame = bad.AsSpan().SequenceEqual(good);
            Assert.True(isSame || IsNoticed(file, keys), $"mutation {number} of seed {Seed}");
        }

        Assert.True(refused > MutationCount, $"only {refused} refusals: the mutations hit nothing");
    }

    [Fact]
    public void Every_truncation_is_refused_and_serves_its_prefix_on_request()
    {
        using var folder = new TemporaryFolder();
        List<byte[]> keys = Record(folder.File("good"));
        byte[] good = File.ReadAllBytes(folder.File("good"));
        string file = folder.File("bad");
        int served = 0;
        for (int length = 16; length < good.Length; length++)
        {
            File.WriteAllBytes(file, good[..length]);
            OracleAssert.Fails(ErrorCode.FileAccess, () => new ReplayOracle(file).Dispose());
            using var replay = new ReplayOracle(file, acceptUnfinished: true);
            Assert.True(replay.PreimageCount >= served, "a longer prefix serves no less");
            served = replay.PreimageCount;
            foreach (byte[] key in keys.Take(served))
            {
                Assert.Equal(OracleProcess.Value(key), replay.GetPreimage(key));
            }
        }

        Assert.Equal(keys.Count, served);
    }

    private static List<byte[]> Record(string file)
    {
        var keys = new List<byte[]>();
        using var recording = new RecordingOracle(
            new CallbackOracle(key => OracleProcess.Value(key.ToArray())), file);
        for (int index = 0; index < 12; index++)
        {
            byte[] key = OracleProcess.Key(1, index * 17 % 90, index);
            keys.Add(key);
            recording.GetPreimage(key);
            recording.Hint(key.AsSpan(0, index));
        }

        recording.Shutdown();
        return keys;
    }

    private static byte[] Mutate(byte[] good, Random random, int kind)
    {
        int place = random.Next(good.Length);
        int length = Math.Min(random.Next(1, 64), good.Length - place);
        byte[] bad = [.. good];
        switch (kind)
        {
            case 0:
                bad[place] ^= (byte)(1 << random.Next(8));
                return bad;
            case 1:
                random.NextBytes(bad.AsSpan(place, length));
                return bad;
            case 2:
                return good[..place];
            case 3:
                bad.AsSpan(place, length).Clear();
                return bad;
            case 4:
                return [.. good[..place], .. good[(place + length)..]];
            case 5:
                return [.. good[..(place + length)], .. good[place..]];
            default:
                bad[place] = (byte)(random.Next(2) * 255);
                bad[random.Next(good.Length)] += (byte)random.Next(1, 256);
                return bad;
        }
    }

    /// <summary>Asks for every key; counts the refusals.</summary>
    private static int Replay(string file, List<byte[]> keys, bool acceptUnfinished)
    {
        int refused = 0;
        try
        {
            using var replay = new ReplayOracle(file, acceptUnfinished: acceptUnfinished);
            foreach (byte[] key in keys)
            {
                try
                {
                    Assert.Equal(OracleProcess.Value(key), replay.GetPreimage(key));
                }
                catch (CulverinException)
                {
                    refused++;
                }
            }
        }
        catch (CulverinException)
        {
            refused++;
        }

        return refused;
    }

    private static bool IsNoticed(string file, List<byte[]> keys)
    {
        try
        {
            using var replay = new ReplayOracle(file);
            for (int index = 0; index < replay.HintCount; index++)
            {
                replay.ReadHint(index);
            }

            keys.ForEach(key => replay.GetPreimage(key));
            return false;
        }
        catch (CulverinException)
        {
            return true;
        }
    }
}
