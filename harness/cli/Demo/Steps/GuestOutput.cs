using System.Buffers;
using System.Text;
using Culverin.Execute;

namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>
/// Keeps the start of what the guest writes, and makes it fit to be printed: a guest may write control
/// characters, or without end.
/// </summary>
internal sealed class GuestOutput : IGuestOutput
{
    private const int KeptBytesMax = 64 << 10;

    private readonly ArrayBufferWriter<byte> _kept = new();

    /// <inheritdoc/>
    public void Write(int descriptor, ReadOnlySpan<byte> bytes) =>
        _kept.Write(bytes[..Math.Min(bytes.Length, KeptBytesMax - _kept.WrittenCount)]);

    /// <summary>The kept text with control characters other than line ends replaced.</summary>
    public override string ToString()
    {
        StringBuilder text = new(Encoding.UTF8.GetString(_kept.WrittenSpan));
        for (int index = 0; index < text.Length; index++)
        {
            if (char.IsControl(text[index]) && text[index] != '\n')
            {
                text[index] = '?';
            }
        }

        return text.ToString();
    }
}
