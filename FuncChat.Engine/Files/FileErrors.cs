namespace FuncChat.Engine.Files;

/// <summary>The errors of files.</summary>
public static class FileErrors
{
    private const int UnsupportedMediaType = 415;
    private const int TooLargeStatus = 413;

    public static AppError NotFound { get; } = new(ErrorCode.NotFound, "There is no such file. It may have expired.");

    public static AppError Empty { get; } = new(ErrorCode.InvalidRequest, "The file is empty.");

    public static AppError Type { get; } =
        new(ErrorCode.InvalidRequest, $"Files of this type are not accepted. Send {FileType.Accepted}.") { Status = UnsupportedMediaType };

    public static AppError Cut { get; } = new(ErrorCode.InvalidRequest, "The file's end is missing: it is damaged, or was not sent whole. Send it again.");

    public static AppError TooLarge(int limit) =>
        new(ErrorCode.InvalidRequest, FormattableString.Invariant($"The file is larger than the {limit} bytes that this server accepts.")) { Status = TooLargeStatus };

    public static AppError TooMany(int limit) =>
        new(ErrorCode.InvalidRequest, FormattableString.Invariant($"You have {limit} files, which is the limit. Delete some first.")) { Limit = "files_per_user" };

    public static AppError TooManyBytes(long limit) =>
        new(ErrorCode.InvalidRequest, FormattableString.Invariant($"Your files have more than {limit} bytes together, which is the limit. Delete some first.")) { Limit = "file_bytes_per_user" };
}
