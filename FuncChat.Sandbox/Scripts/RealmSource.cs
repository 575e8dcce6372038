namespace FuncChat.Sandbox.Scripts;

/// <summary>Our own scripts, which are embedded in this assembly.</summary>
internal static class RealmSource
{
    public const string Intrinsics =
        """
        ({
          ObjectPrototype: Object.prototype,
          RegExpPrototype: RegExp.prototype,
          then: Promise.prototype.then,
          readStack: Object.getOwnPropertyDescriptor(new Error(''), 'stack').get,
        })
        """;

    public static string Inspector { get; } = Read("inspector.js");

    public static string Globals { get; } = Read("globals.js");

    public static string Url { get; } = Read("url.js");

    private static string Read(string name)
    {
        using var stream = typeof(RealmSource).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
