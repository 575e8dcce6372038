using System.ComponentModel.DataAnnotations;
using FuncChat.Tools.Configuration;

namespace FuncChat.Web.Cors;

/// <summary>The origins whose pages may call the API. Bound from `FuncChat:Cors`.</summary>
public sealed record OriginOptions
{
    public const string Section = "FuncChat:Cors";

    /// <summary>Exact origins, separated by commas; none by default.</summary>
    [ExactOrigins]
    [Example("https://chat.example.com")]
    public string Origins { get; set; } = "";

    internal string[] All => Split(Origins);

    private static string[] Split(string origins) => origins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // As a browser sends an origin: only scheme, host and port, in lowercase.
    [AttributeUsage(AttributeTargets.Property)]
    private sealed class ExactOriginsAttribute() : ValidationAttribute("must be exact origins separated by commas, without a path or a / at the end, and without '*', which would allow every page")
    {
        public override bool IsValid(object? value) => value is string origins && Split(origins).All(origin =>
            Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.GetLeftPart(UriPartial.Authority) == origin && !origin.Contains('*', StringComparison.Ordinal));
    }
}
