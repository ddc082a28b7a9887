using System.Text.Json;

namespace Culverin.Bench;

/// <summary>
/// Ratios that a measurement must reach, from bench/expected.json: by guest, the translator and the
/// interpreter as multiples of the reference, and the translator as a multiple of the interpreter, which
/// needs no reference. Ratios of one run hold on any machine; a floor is well below what is usually measured.
/// </summary>
internal static class SpeedFloors
{
    /// <summary>What is below its floor, a sentence each; a guest without floors is a sentence too.</summary>
    /// <exception cref="InvalidDataException">The file is not as described.</exception>
    public static IReadOnlyList<string> Check(string path, IReadOnlyList<GuestSpeed> guests)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        List<string> failures = [];
        foreach (GuestSpeed guest in guests)
        {
            if (!document.RootElement.TryGetProperty(guest.Elf, out JsonElement floors))
            {
                failures.Add($"{guest.Elf} has no floors in {Path.GetFileName(path)}.");
                continue;
            }

            foreach (JsonProperty floor in floors.EnumerateObject())
            {
                double? ratio = RatioOf(guest, floor.Name);
                if (ratio < floor.Value.GetDouble())
                {
                    failures.Add(
                        $"{guest.Elf}: {floor.Name} is {ratio:F1}, below {floor.Value.GetDouble():F1}.");
                }
            }
        }

        return failures;
    }

    // Null where the other side was not measured.
    private static double? RatioOf(GuestSpeed guest, string name) => name switch
    {
        "translatorByReference" => guest.Translator / guest.Peer,
        "interpreterByReference" => guest.Interpreter / guest.Peer,
        "translatorByInterpreter" => guest.Translator / guest.Interpreter,
        "translatorByEmulator" => guest.Translator / guest.Emulator,
        _ => throw new InvalidDataException($"\"{name}\" is no ratio that is measured."),
    };
}
