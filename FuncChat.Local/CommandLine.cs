using System.Globalization;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Local;

/// <summary>The command line: help, and `--port` as a short form of `--urls`.</summary>
internal static class CommandLine
{
    public const string Help = """
        FuncChat.Local serves FuncChat's API and page.

          dotnet run --project FuncChat.Local -- [options]

          --port 8080                   listens on http://127.0.0.1:8080 (default: 7071)
          --urls http://127.0.0.1:8080  the same as an address; separate several with semicolons
          --FuncChat:Demo:WordDelay 0   any setting, with : in place of __
          --help                        shows this text

        Settings are environment variables, such as OPENAI_API_KEY. All of them are in docs/configuration.md.

        """;

    public static bool AsksForHelp(string[] args) => args.Any(arg => arg is "--help" or "-h" or "-?");

    /// <summary>Replaces `--port 8080` and `--port=8080` by `--urls`.</summary>
    /// <exception cref="OptionsValidationException">The port is not a number from 0 to 65535.</exception>
    public static string[] WithPort(string[] args)
    {
        var expanded = new List<string>();
        for (var index = 0; index < args.Length; index++)
        {
            if (args[index] == "--port")
                expanded.AddRange("--urls", UrlOf(++index < args.Length ? args[index] : ""));
            else if (args[index].StartsWith("--port=", StringComparison.Ordinal))
                expanded.AddRange("--urls", UrlOf(args[index]["--port=".Length..]));
            else
                expanded.Add(args[index]);
        }

        return [.. expanded];
    }

    private static string UrlOf(string port) => ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? $"http://127.0.0.1:{number.ToString(CultureInfo.InvariantCulture)}"
        : throw Wrong("--port", "must be a number from 0 to 65535", "--port 8080");

    public static OptionsValidationException Wrong(string key, string problem, string example) =>
        new(key, typeof(CommandLine), [SettingMessage.Of(key, problem, example)]);
}
