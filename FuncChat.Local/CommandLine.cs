using System.Globalization;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Local;

/// <summary>The command line: help, `--port` as a short form of `--urls`, and a check of all options.</summary>
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

    // The options of the framework that are not settings.
    private static readonly string[] OfHost = ["urls", "environment", "contentRoot", "applicationName", "webRoot", "http_ports", "https_ports"];

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

    /// <summary>Checks that every argument is an option with a value. The framework ignores any other, or fails with a stack trace.</summary>
    /// <exception cref="OptionsValidationException">An argument is not an option, or has no value.</exception>
    public static void CheckForm(string[] args)
    {
        for (var index = 0; index < args.Length; index++)
        {
            var name = NameOf(args[index]);
            if (name is null || IsPadded(args[index]))
            {
                // It may be a key, so that only a number is repeated.
                throw ushort.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                    ? StartError.Of($"{port}", "is not an option: --port must precede a port", $"--port {port}")
                    : StartError.Of("The command line", "has a value that belongs to no option. --help shows the options", "--port 8080");
            }

            if (!args[index].Contains('=', StringComparison.Ordinal) && ++index == args.Length)
                throw StartError.Of($"--{name}", "has no value", name == "urls" ? "--urls http://127.0.0.1:8080" : $"--{name} <value>");
        }
    }

    /// <summary>Checks that every option is a setting. Those of a section, which have a colon, are checked with their section.</summary>
    /// <exception cref="OptionsValidationException">An option does not exist.</exception>
    public static void CheckNames(string[] args, IEnumerable<KnownSettings> registered)
    {
        var known = OfHost.Concat(registered.SelectMany(settings => settings.Names)).Where(name => !name.Contains("__", StringComparison.Ordinal)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < args.Length; index++)
        {
            var name = NameOf(args[index])!;
            if (name.Contains("__", StringComparison.Ordinal))
                throw StartError.Of($"--{name}", "is not an option. On the command line, write : in place of __", $"--{name.Replace("__", ":", StringComparison.Ordinal)}");
            if (!name.Contains(':', StringComparison.Ordinal) && !name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase) && !known.Contains(name))
                throw StartError.Of($"--{name}", $"is not an option.{EditDistance.Question(name, known.Append("port"), "--")} --help shows the options");

            if (!args[index].Contains('=', StringComparison.Ordinal))
                index++;
        }
    }

    // As a key in Base64 is, such as "c2VjcmV0MQ==".
    private static bool IsPadded(string argument) =>
        argument.EndsWith("==", StringComparison.Ordinal) && !argument.StartsWith("--", StringComparison.Ordinal) && !argument.TrimEnd('=').Contains('=', StringComparison.Ordinal);

    // As the framework reads them: --name value, --name=value, /name=value or name=value.
    private static string? NameOf(string argument)
    {
        var start = argument.StartsWith("--", StringComparison.Ordinal) ? 2 : argument.StartsWith('/') ? 1 : 0;
        var end = argument.IndexOf('=', StringComparison.Ordinal);
        var isOption = end < 0 ? start > 0 : start > 0 || !argument.StartsWith('-');
        var name = end < 0 ? argument[start..] : argument[start..Math.Max(start, end)];
        return isOption && name.Length > 0 ? name : null;
    }

    private static string UrlOf(string port) => ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? $"http://127.0.0.1:{number.ToString(CultureInfo.InvariantCulture)}"
        : throw StartError.Of("--port", "must be a number from 0 to 65535", "--port 8080");
}
