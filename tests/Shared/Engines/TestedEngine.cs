using Culverin.Run;
using Culverin.Translate;

namespace Culverin.Tests.Shared.Engines;

/// <summary>The engines that programs with known ends are run on.</summary>
public enum TestedEngine
{
    /// <summary>The interpreter alone.</summary>
    Interpreter,

    /// <summary>The translator as programs get it.</summary>
    Translator,

    /// <summary>The translator with every instruction translated at first sight.</summary>
    EagerTranslator,
}

/// <summary>What the engines are made of.</summary>
internal static class TestedEngines
{
    /// <summary>All of them.</summary>
    public static TestedEngine[] All { get; } = Enum.GetValues<TestedEngine>();

    /// <summary>Options for a machine with this engine.</summary>
    public static MachineOptions Options(this TestedEngine engine) => engine switch
    {
        TestedEngine.Interpreter => new MachineOptions { Engine = EngineKind.Interpreter },
        TestedEngine.Translator => new MachineOptions { Engine = EngineKind.Translator },
        _ => new MachineOptions
        {
            Engine = EngineKind.Translator,
            Tuning = new TranslatorTuning { HotCount = 1 },
        },
    };
}
