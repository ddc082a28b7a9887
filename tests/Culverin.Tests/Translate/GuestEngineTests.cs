using Culverin.Run;
using Culverin.Tests.Shared;
using Culverin.Tests.Shared.Engines;
using Culverin.Translate;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Translate;

/// <summary>
/// The guests for measuring, some million steps each: the translator, in long and in tiny slices, against the
/// interpreter, compared at odd stops.
/// </summary>
public sealed class GuestEngineTests(ITestOutputHelper output)
{
    private const ulong StepsMax = 3_000_000;
    private const int RootOneIn = 16;

    private static readonly ulong[] SliceMaxima = [3, 50, 5_000, 400_000];

    public static TheoryData<string, StateVersion> Guests()
    {
        var rows = new TheoryData<string, StateVersion>();
        foreach (OwnGuest guest in OwnGuest.RecordedIn(OwnGuest.BenchFolder))
        {
            rows.Add(guest.Elf, guest.Version);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void TranslatorEqualsInterpreterAtOddStops(string elf, StateVersion version)
    {
        int seed = RandomSeed.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using Machine interpreter = Create(elf, version, TestedEngine.Interpreter.Options());
        using Machine translator = Create(elf, version, TestedEngine.Translator.Options());
        using Machine eager = Create(elf, version, new MachineOptions
        {
            Engine = EngineKind.Translator,
            Tuning = new TranslatorTuning { HotCount = 1, SuperblockStepsMax = 8, CodeSizeBytes = 256 << 10 },
        });
        Compare(random, interpreter, [translator, eager], $"seed {seed}");
    }

    private static Machine Create(string elf, StateVersion version, MachineOptions options) =>
        OwnGuest.Of(OwnGuest.BenchFolder, elf, version).CreateMachine(options);

    private static void Compare(Random random, Machine expected, Machine[] engines, string seed)
    {
        while (expected.Step < StepsMax && !expected.Exited)
        {
            // Some slices of a kind in a row.
            ulong maximum = SliceMaxima[random.Next(SliceMaxima.Length)];
            for (int slice = random.Next(1, 20); slice > 0; slice--)
            {
                ulong steps = (ulong)random.NextInt64(1, (long)maximum);
                var limits = new RunLimits { UntilStep = expected.Step + steps };
                bool takesRoot = random.Next(RootOneIn) == 0;
                _ = expected.Run(limits);
                IReadOnlyCollection<ulong> pages = [.. expected.Image.Memory.DirtyPages];
                byte[]? witness = takesRoot ? expected.Witness() : null;
                foreach (Machine engine in engines)
                {
                    _ = engine.Run(limits);
                    bool isSame = witness is null || engine.Witness().AsSpan().SequenceEqual(witness);
                    string? difference = StateDifference.Find(expected, engine, takesRoot ? pages : []);
                    Assert.True(
                        isSame && difference is null, $"{seed}, step {limits.UntilStep}:\n{difference}");
                }
            }
        }
    }
}
