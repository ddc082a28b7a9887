using Culverin.Run;
using Culverin.State;
using Culverin.Translate;
using Culverin.Versions;

namespace Culverin.Tests.Shared.Engines;

/// <summary>A place to stop at and compare.</summary>
/// <param name="Step">The step.</param>
/// <param name="TakesRoot">Whether memory roots are taken, which makes all pages clean.</param>
internal readonly record struct Stop(ulong Step, bool TakesRoot);

/// <summary>
/// One random program, how the engines that run it are tuned, and where they are stopped. The seed and the
/// version decide everything.
/// </summary>
internal sealed class EngineCase
{
    // Roots cost far more than steps.
    private const int RootsMax = 8;
    private const int CodeSizeMin = 128 << 10;

    private static readonly ulong[] Slices = [1, 2, 3, 7, 997];
    private static readonly int LongStops = Slices.Length + 5;

    // So long that the translator chooses other registers to pin.
    private const int LongStepsMin = 4_300_000;
    private const int LongOneIn = 64;

    private readonly bool _isHot;
    private readonly int _programSeed;
    private readonly int _stopSeed;
    private readonly int _stopKind;
    private readonly ulong _stepsMax;

    /// <summary>Draws a case.</summary>
    public EngineCase(int seed, StateVersion version)
    {
        Seed = seed;
        Version = version;
        var random = new Random(seed);
        IsLong = random.Next(LongOneIn) == 0;
        _isHot = IsLong || random.Next(8) != 0;
        _programSeed = random.Next();
        _stopSeed = random.Next();
        _stopKind = IsLong ? LongStops : random.Next(LongStops);
        bool isFine = _stopKind <= 2 || _stopKind == Slices.Length;
        _stepsMax = (ulong)(IsLong
            ? random.Next(LongStepsMin, LongStepsMin * 2)
            : random.Next(500, isFine ? 3000 : 15_000));
        var engines = new List<MachineOptions> { Translator(Tuning(random)) };
        if (random.Next(2) == 0)
        {
            engines.Add(Translator(Tuning(random)));
        }

        if (random.Next(4) == 0)
        {
            engines.Add(new MachineOptions { Engine = EngineKind.Interpreter });
        }

        Engines = engines;
    }

    /// <summary>Decides everything, together with the version.</summary>
    public int Seed { get; }

    /// <summary>The state version.</summary>
    public StateVersion Version { get; }

    /// <summary>
    /// Whether it is too long for the slow path: then the engines are compared with the interpreter.
    /// </summary>
    public bool IsLong { get; }

    /// <summary>What is compared.</summary>
    public IReadOnlyList<MachineOptions> Engines { get; }

    /// <summary>The case in words.</summary>
    public string Description =>
        $"version {(byte)Version}, seed {Seed} ({(_isHot ? "hot" : "mixed")} program, stops {_stopKind})";

    /// <summary>The command that runs this case alone.</summary>
    public string Command => $"./build.sh fuzz --version {(byte)Version} --seed {Seed} --cases 1";

    /// <summary>An engine in words.</summary>
    public static string Describe(MachineOptions engine)
    {
        TranslatorTuning tuning = engine.Tuning;
        return engine.Engine == EngineKind.Interpreter
            ? "interpreter"
            : $"translator (hot after {tuning.HotCount}, traces of {tuning.SuperblockStepsMax}, "
                + $"{tuning.CodeSizeBytes >> 10} KiB, pins {string.Join(' ', tuning.Pins)})";
    }

    /// <summary>A machine at the program's first step.</summary>
    public Machine CreateMachine(MachineOptions engine)
    {
        MachineImage image = _isHot
            ? new HotProgram(_programSeed, Version) { ChangesCode = !IsLong }.Create()
            : new RandomProgram(_programSeed, Version).Create();
        return Machine.Create(image, engine with { Oracle = RandomSteps.CreateOracle() });
    }

    /// <summary>Where to stop.</summary>
    public IReadOnlyList<Stop> Stops()
    {
        var random = new Random(_stopSeed);
        List<ulong> steps = [0];
        while (steps[^1] < _stepsMax)
        {
            steps.Add(steps[^1] + NextSlice(random));
        }

        int roots = random.Next(RootsMax);
        return
        [
            .. steps.Skip(1).Select((step, index) => new Stop(
                step, index == steps.Count - 2 || random.Next(steps.Count) < roots)),
        ];
    }

    private ulong NextSlice(Random random) => (_stopKind - Slices.Length) switch
    {
        < 0 => Slices[_stopKind],
        0 => (ulong)random.Next(1, 4),
        1 => (ulong)random.Next(1, random.Next(2) == 0 ? 4 : 200),
        2 => (ulong)random.Next(1, 100),
        3 => (ulong)random.Next(1, 1000),
        4 => random.Next(3) == 0 ? (ulong)random.Next(500, 5000) : 1,
        _ => (ulong)random.Next(1, random.Next(2) == 0 ? 5 : 300_000),
    };

    private static MachineOptions Translator(TranslatorTuning tuning) =>
        new() { Engine = EngineKind.Translator, Tuning = tuning };

    private static TranslatorTuning Tuning(Random random)
    {
        int[] registers = [.. Enumerable.Range(1, 33)];
        random.Shuffle(registers);
        TranslatorTuning standard = TranslatorTuning.Default;
        return new TranslatorTuning
        {
            HotCount = random.Next(3) == 0 ? random.Next(2, 8) : 1,
            SuperblockStepsMax = random.Next(4) switch
            {
                0 => 2,
                1 => random.Next(3, 12),
                _ => standard.SuperblockStepsMax,
            },
            CodeSizeBytes = random.Next(3) == 0 ? CodeSizeMin : CodeSizeMin * random.Next(2, 8),
            Pins = random.Next(3) switch
            {
                0 => standard.Pins,
                1 => registers[..random.Next(9)],
                _ => registers[..8],
            },
        };
    }
}
