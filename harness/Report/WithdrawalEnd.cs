namespace Culverin.Harness.Report;

/// <summary>How a withdrawal of a story ended.</summary>
public enum WithdrawalEnd
{
    /// <summary>It had not ended.</summary>
    Open = 0,

    /// <summary>It was paid out.</summary>
    Paid = 1,

    /// <summary>It will never be paid out.</summary>
    Dead = 2,
}
