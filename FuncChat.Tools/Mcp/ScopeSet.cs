namespace FuncChat.Tools.Mcp;

/// <summary>OAuth scopes, in the order in which they were named (RFC 6749, 3.3). What is no scope is left out, and a list that is too long is empty.</summary>
internal sealed class ScopeSet
{
    private const int MaxLength = 2000;
    private const int MaxShown = 200;

    private readonly string[] _scopes;

    private ScopeSet(IEnumerable<string> scopes)
    {
        _scopes = [.. scopes.Where(scope => scope.Length > 0 && scope.All(c => c is >= '!' and <= '~' and not '"' and not '\\')).Distinct(StringComparer.Ordinal)];
        if (ToString().Length > MaxLength)
            _scopes = [];
    }

    public bool IsEmpty => _scopes.Length == 0;

    public static ScopeSet Parse(string? text) => new(text?.Split(' ') ?? []);

    public ScopeSet With(ScopeSet others) => new(_scopes.Concat(others._scopes));

    public ScopeSet Without(ScopeSet others) => new(_scopes.Except(others._scopes, StringComparer.Ordinal));

    /// <summary>Whether all of these scopes are among the others.</summary>
    public bool IsWithin(ScopeSet others) => Without(others).IsEmpty;

    /// <summary>The scopes for a message, cut to a length.</summary>
    public string Describe() => ForeignText.Clean(ToString(), MaxShown);

    /// <summary>The scopes, separated by spaces.</summary>
    public override string ToString() => string.Join(' ', _scopes);
}
