using System.Diagnostics.CodeAnalysis;
using FuncChat.Engine;
using FuncChat.Web.Formats.Native;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Formats;

/// <summary>The registered formats, by name.</summary>
public sealed class WireFormats(IEnumerable<IWireFormat> formats)
{
    private readonly Dictionary<string, IWireFormat> _formats = formats.ToDictionary(format => format.Name, StringComparer.Ordinal);

    public IEnumerable<string> Names => _formats.Keys;

    public IWireFormat this[string name] => _formats[name];

    /// <summary>Finds the format that a request asks for: that of `?format=`, or else the native one.</summary>
    public bool TryFind(HttpRequest request, [NotNullWhen(true)] out IWireFormat? format, [NotNullWhen(false)] out AppError? error)
    {
        var name = request.Query.TryGetValue("format", out var asked) ? asked.ToString() : NativeFormat.WireName;
        error = _formats.TryGetValue(name, out format)
            ? format.FindError(request)
            : new AppError(ErrorCode.InvalidRequest, $"There is no such format. The formats are: {string.Join(", ", Names)}.") { Path = "?format" };
        return error is null;
    }
}
