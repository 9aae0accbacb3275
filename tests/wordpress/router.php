<?php
// What a web server's rewrite rules do for WordPress; every request is noted in a log.
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
file_put_contents(
    getenv('WORDPRESS_LOG'),
    "{$_SERVER['REQUEST_METHOD']} {$_SERVER['REQUEST_URI']}\n",
    FILE_APPEND
);
if ($path !== '/' && is_file($_SERVER['DOCUMENT_ROOT'] . $path)) {
    return false;
}
// Else PHP takes a dot in the address (robots.txt) for the name of the script.
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
chdir($_SERVER['DOCUMENT_ROOT']);
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
