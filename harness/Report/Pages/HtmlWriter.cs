using System.Text;

namespace Culverin.Harness.Report.Pages;

/// <summary>
/// Writes nested elements of HTML and SVG. Names come from this program; texts and values may come from
/// anywhere and are always escaped. For one thread.
/// </summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element, which ends when the result is disposed of.</summary>
    public Scope Open(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        WriteStart(name, attributes);
        _text.Append('>');
        _open.Push(name);
        return new Scope(this);
    }

    /// <summary>Writes an element that holds a text.</summary>
    public void Element(
        string name, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        using (Open(name, attributes))
        {
            Text(text);
        }
    }

    /// <summary>Writes an element that holds nothing: of SVG, or one of HTML that has no end.</summary>
    public void Empty(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        WriteStart(name, attributes);
        _text.Append("/>");
    }

    /// <summary>Writes a text.</summary>
    public void Text(string text) => _text.Append(HtmlText.Escape(text));

    /// <summary>
    /// Writes what this program holds itself and is not to be escaped, such as its style sheet.
    /// </summary>
    public void Trusted(string markup) => _text.Append(markup);

    /// <summary>Starts a new line, for whoever reads the source.</summary>
    public void Line() => _text.Append('\n');

    /// <summary>All that was written; every element must have ended.</summary>
    public override string ToString() => _open.Count == 0
        ? _text.ToString()
        : throw new InvalidOperationException($"The element '{_open.Peek()}' has not ended.");

    private void WriteStart(string name, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _text.Append('<').Append(name);
        foreach ((string attribute, string value) in attributes)
        {
            _text.Append(' ').Append(attribute).Append("=\"").Append(HtmlText.Escape(value)).Append('"');
        }
    }

    private void Close() => _text.Append("</").Append(_open.Pop()).Append('>');

    /// <summary>An open element.</summary>
    internal readonly struct Scope(HtmlWriter writer) : IDisposable
    {
        /// <summary>Ends the element.</summary>
        public void Dispose() => writer.Close();
    }
}
